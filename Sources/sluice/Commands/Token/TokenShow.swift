import ArgumentParser
import SluiceJSON

struct TokenShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show one API token, without its secret.",
        discussion: "Example: sluice token show 7hK2mQ9x"
    )

    @Argument(help: "The token's ID: the 8 characters after slc_.")
    var id: String

    @OptionGroup var store: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let answer = try await AdminClient.answer(store, .get("tokens", id))
        if output.json { return try Console.json(answer.bytes) }
        try TokenTable.show(answer.root)
    }
}
