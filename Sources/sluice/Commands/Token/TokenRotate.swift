import ArgumentParser
import SluiceJSON

struct TokenRotate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate",
        abstract: "Make a token's successor and print it, once.",
        discussion: """
            The successor has the same owner and scopes. Both work until the grace ends; use 0s when the old one leaked.

            Example: sluice token rotate 7hK2mQ9x --grace 24h
            """
    )

    @Argument(help: "The old token's ID: the 8 characters after slc_.")
    var id: String

    @Option(help: "How long the old one goes on working; 7d at most.")
    var grace: DurationArgument = .seconds(86_400)

    @Option(help: "How long the successor is valid; 0s for ever. Without: as long as the old one was made for.")
    var expires: DurationArgument?

    @OptionGroup var store: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let answer = try await AdminClient.answer(store, .post("tokens", id, "rotate", body: body))
        try NewToken(answer.root).show(json: output.json ? answer.bytes : nil)
        guard !output.json else { return }
        let old = answer.root[key: "replaced"]
        let last =
            old?[key: "lastUsedAt"]?.string == nil ? "never used" : "last used \(Cell.moment(old?[key: "lastUsedAt"]))"
        Console.note("The old token \(id) ends: \(Cell.moment(old?[key: "expiresAt"])); it was \(last).")
    }

    private var body: [UInt8] {
        JSONWriter.bytes { writer in
            writer.object { writer in
                writer.member("graceSeconds", grace.seconds)
                writer.memberIfPresent("expiresSeconds", expires?.seconds)
            }
        }
    }
}
