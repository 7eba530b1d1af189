import ArgumentParser
import SluiceJSON

struct OwnerCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make an owner that has no token yet, so that its limits stand before anybody calls.",
        discussion: "Example: sluice owner create team-a && sluice owner limit team-a --budget 20 --per month"
    )

    @Argument(help: "The owner's name.")
    var name: String

    @OptionGroup var store: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let answer = try await AdminClient.answer(store, mayMake: true, .post("owners", body: OwnerBody.name(name)))
        if output.json { return try output.show(answer) }
        Console.note(
            "Owner \(Printable.line(name)) has no token; make one: sluice token create --name NAME --owner NAME"
        )
        try Console.print(Cell.text(answer.root[key: "id"]))
    }
}

struct OwnerRename: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rename",
        abstract: "Give an owner another name; its tokens, jobs, sums and limits stay its own.",
        discussion: "Example: sluice owner rename laptop team-a"
    )

    @Argument(help: "The owner's name or id.", completion: Completing.owner)
    var id: String

    @Argument(help: "Its name from now on.")
    var name: String

    @OptionGroup var store: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let answer = try await AdminClient.answer(store, .post("owners", id, "rename", body: OwnerBody.name(name)))
        if output.json { return try output.show(answer) }
        Console.note(
            "Owner \(Printable.line(id)) is called \(Printable.line(Cell.text(answer.root[key: "name"]))) from now on."
        )
    }
}

struct OwnerDisable: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "disable",
        abstract: "Have an owner's tokens refused and its queued jobs wait, until it is enabled; what runs goes on.",
        discussion: "Example: sluice owner disable team-a"
    )

    @Argument(help: "The owner's name or id.", completion: Completing.owner)
    var id: String

    @OptionGroup var store: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let answer = try await AdminClient.answer(store, .post("owners", id, "disable"))
        if output.json { return try output.show(answer) }
        let name = Cell.text(answer.root[key: "name"])
        Console.note(
            "Owner \(name) is disabled: its tokens are refused, its queue waits. Undo it: sluice owner enable \(name)"
        )
    }
}

struct OwnerEnable: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "enable",
        abstract: "Let a disabled owner in again; its queue goes on.",
        discussion: "Example: sluice owner enable team-a"
    )

    @Argument(help: "The owner's name or id.", completion: Completing.owner)
    var id: String

    @OptionGroup var store: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let answer = try await AdminClient.answer(store, .post("owners", id, "enable"))
        if output.json { return try output.show(answer) }
        Console.note("Owner \(Printable.line(Cell.text(answer.root[key: "name"]))) is let in again.")
    }
}

private enum OwnerBody {
    static func name(_ name: String) -> [UInt8] {
        JSONWriter.bytes { writer in writer.object { $0.member("name", name) } }
    }
}
