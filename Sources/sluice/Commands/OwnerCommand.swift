import ArgumentParser
import SluiceJSON

struct OwnerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "owner",
        abstract:
            "Show whom jobs and tokens belong to, limit what they may ask for and spend, disable and delete them.",
        discussion: "Example: sluice owner list",
        subcommands: [
            OwnerList.self, OwnerShow.self, OwnerCreate.self, OwnerRename.self, OwnerLimit.self, OwnerDisable.self,
            OwnerEnable.self, OwnerDelete.self,
        ]
    )
}

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
        if output.json { return try output.show(answer) }
        var table = Table("NAME", "ID", "STATE", "TOKENS", "CREATED")
        for owner in answer.root[key: "owners"]?.elements ?? [] {
            table.add(
                cells: TableCell(Cell.text(owner[key: "name"])),
                TableCell(Cell.text(owner[key: "id"])),
                OwnerList.state(owner),
                TableCell(Cell.text(owner[key: "tokens"])),
                Cell.age(owner[key: "createdAt"])
            )
        }
        try table.show(
            whenEmpty: "There is no owner; the first token makes one: sluice token create --name NAME",
            isWide: output.isWide
        )
    }
}

extension OwnerList {
    fileprivate static func state(_ owner: JSONValue) -> TableCell {
        if owner[key: "deletedAt"]?.string != nil { return "deleted" }
        if owner[key: "disabledAt"]?.string != nil { return TableCell("disabled", tone: .bad) }
        return TableCell("active", tone: .good)
    }
}

struct OwnerShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show one owner, its limits and its tokens.",
        discussion: "Example: sluice owner show laptop"
    )

    @Argument(help: "The owner's name or id.", completion: Completing.owner)
    var id: String

    @OptionGroup var store: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let answer = try await AdminClient.answer(store, .get("owners", id))
        if output.json { return try output.show(answer) }
        var facts = Facts()
        facts.add("name", Cell.text(answer.root[key: "name"]))
        facts.add("id", Cell.text(answer.root[key: "id"]))
        facts.add("created", Cell.moment(answer.root[key: "createdAt"]))
        facts.addIfPresent("disabled", Cell.moment(answer.root[key: "disabledAt"]))
        try facts.show()
        try Console.print("")
        try LimitTable.show(try await AdminClient.answer(store, .get("owners", id, "limits")).root)
        try Console.print("")
        try TokenTable.show(answer.root[key: "tokenRecords"]?.elements ?? [], isWide: output.isWide)
    }
}

struct OwnerLimit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "limit",
        abstract: "Limit what an owner may ask for and spend.",
        discussion: """
            Changes what is named and leaves the rest; without an option it shows how the limits stand. They hold at once. A call \
            that may not pass is refused, a queued job waits. A budget counts what calls cost, and what they may have cost as long \
            as nobody knows.

            Example: sluice owner limit team-a --budget 20 --per month --rpm 60
            """
    )

    @Argument(help: "The owner's name or id.", completion: Completing.owner)
    var id: String

    @OptionGroup var limits: LimitOptions
    @OptionGroup var store: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let answer = try await AdminClient.answer(store, limits.call("owners", id))
        if output.json { return try output.show(answer) }
        try LimitTable.show(answer.root)
    }
}

struct OwnerDelete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete an owner: its tokens end, its jobs are cancelled, and what was asked and answered goes.",
        discussion: """
            What was used and what it cost stays, under the name deleted-N. It can't be taken back. Backups that were made before have \
            all of it still.

            Example: sluice owner delete team-a
            """
    )

    @Argument(help: "The owner's name or id.", completion: Completing.owner)
    var id: String

    @Flag(help: "Do not ask whether it is meant.")
    var yes = false

    @OptionGroup var store: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let name = Printable.line(id)
        if !yes {
            guard Console.isAsked("Owner \(name) loses its tokens, its jobs and all answers for good. Delete it? [y/N]")
            else {
                throw Failure("Owner \(name) is not deleted: say --yes where nobody can be asked.")
            }
        }
        let answer = try await AdminClient.answer(store, .delete("owners", id))
        if output.json { return try output.show(answer) }
        Console.note("Owner \(name) is deleted, and called \(Cell.text(answer.root[key: "name"])) from now on.")
        let isRunning = answer.root[key: "clearing"]?.boolean == true
        Console.note(
            isRunning
                ? "Its jobs are cancelled and their contents taken away now; the log says when that is done."
                : "Its jobs are cancelled and their contents taken away when the gateway runs."
        )
    }
}
