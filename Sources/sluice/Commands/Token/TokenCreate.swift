import ArgumentParser
import SluiceJSON

struct TokenCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make an API token and print it, once.",
        discussion: """
            Without --owner a new owner of the token's name is made; an owner's tokens see the same jobs.

            Example: (umask 077; sluice token create --name laptop > .sluice-token)
            """
    )

    @Option(help: "What the token is for.")
    var name: String

    @Option(help: "The name or id of an owner that exists.")
    var owner: String?

    @Option(help: "What it may do; repeat for more. Without: jobs:write, jobs:read, jobs:cancel.")
    var scope: [String] = []

    @Option(help: "How long it is valid; 0s for ever.")
    var expires: DurationArgument = .seconds(90 * 86_400)

    @Option(help: "Narrow it to this type of prompt; repeat for more.")
    var type: [String] = []

    @Option(help: "Narrow it to this model, or pattern with *; repeat for more.")
    var model: [String] = []

    @OptionGroup var store: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let answer = try await AdminClient.answer(store, .post("tokens", body: body))
        try NewToken(answer.root).show(json: output.json ? answer.bytes : nil)
    }

    private var body: [UInt8] {
        JSONWriter.bytes { writer in
            writer.object { writer in
                writer.member("name", name)
                writer.memberIfPresent("owner", owner)
                writer.member("expiresSeconds", expires.seconds)
                writer.memberIfAny("scopes", strings: scope)
                writer.memberIfAny("types", strings: type)
                writer.memberIfAny("models", strings: model)
            }
        }
    }
}
