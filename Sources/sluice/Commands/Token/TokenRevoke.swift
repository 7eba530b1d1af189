import ArgumentParser
import SluiceJSON

struct TokenRevoke: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "End an API token at once.",
        discussion: "Example: sluice token revoke 7hK2mQ9x"
    )

    @Argument(help: "The token's ID: the 8 characters after slc_.")
    var id: String

    @OptionGroup var store: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let answer = try await AdminClient.answer(store, .post("tokens", id, "revoke"))
        if output.json { return try Console.json(answer.bytes) }
        Console.note("Token \(Cell.text(answer.root[key: "id"])) is revoked.")
    }
}
