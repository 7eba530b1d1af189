import ArgumentParser
import SluiceJSON

struct OwnerList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the owners.",
        discussion: "Example: sluice owner list --json"
    )

    @OptionGroup var store: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let answer = try await AdminClient.answer(store, .get("owners"))
        if output.json { return try Console.json(answer.bytes) }
        var table = Table("NAME", "ID", "TOKENS", "CREATED")
        for owner in answer.root[key: "owners"]?.elements ?? [] {
            table.add(
                Cell.text(owner[key: "name"]),
                Cell.text(owner[key: "id"]),
                Cell.text(owner[key: "tokens"]),
                Cell.moment(owner[key: "createdAt"])
            )
        }
        try table.show(whenEmpty: "There is no owner; the first token makes one: sluice token create --name NAME")
    }
}
