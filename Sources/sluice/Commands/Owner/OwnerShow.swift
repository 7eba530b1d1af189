import ArgumentParser
import SluiceJSON

struct OwnerShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show one owner and its tokens.",
        discussion: "Example: sluice owner show laptop"
    )

    @Argument(help: "The owner's name or id.")
    var id: String

    @OptionGroup var store: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let answer = try await AdminClient.answer(store, .get("owners", id))
        if output.json { return try Console.json(answer.bytes) }
        var facts = Facts()
        facts.add("name", Cell.text(answer.root[key: "name"]))
        facts.add("id", Cell.text(answer.root[key: "id"]))
        facts.add("created", Cell.moment(answer.root[key: "createdAt"]))
        try facts.show()
        try Console.print("")
        try TokenTable.show(answer.root[key: "tokenRecords"]?.elements ?? [])
    }
}
