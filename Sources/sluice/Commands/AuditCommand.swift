import ArgumentParser
import SluiceJSON

struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Show who changed what, newest first.",
        discussion: "Example: sluice audit --since 7d --action create"
    )

    @Option(help: "How far back to look, \(DurationArgument.spelling).")
    var since: DurationArgument?

    @Option(help: "Only lines about this token, or by it: the 8 characters after slc_.")
    var token: String?

    @Option(help: "Only this action, as in create or token.create.")
    var action: String?

    @Option(help: "The most lines to show.")
    var limit = Count(100)

    @OptionGroup var store: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let call = AdminCall.get(
            "audit",
            query: [("since", since?.ago), ("token", token), ("action", action), ("limit", String(limit.value))]
        )
        let answer = try await AdminClient.answer(store, call)
        if output.json { return try output.show(answer) }
        var table = Table("AT", "ACTOR", "ACTION", "SUBJECT", "RESULT")
        for entry in answer.root[key: "entries"]?.elements ?? [] {
            table.add(
                cells: Cell.age(entry[key: "at"]),
                TableCell(Cell.text(entry[key: "actor"])),
                TableCell(Cell.text(entry[key: "action"])),
                TableCell(Cell.text(entry[key: "subject"])),
                TableCell(Cell.text(entry[key: "result"]))
            )
        }
        try table.show(whenEmpty: "Nothing was done in that time.", isWide: output.isWide)
    }
}
