import ArgumentParser
import SluiceJSON

struct TokenList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List API tokens, without their secrets.",
        discussion: "Example: sluice token list --owner laptop"
    )

    @Option(help: "Only the tokens of this owner, by name or id.")
    var owner: String?

    @OptionGroup var store: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let answer = try await AdminClient.answer(store, .get("tokens", query: [("owner", owner)]))
        if output.json { return try Console.json(answer.bytes) }
        try TokenTable.show(answer.root[key: "tokens"]?.elements ?? [])
    }
}
