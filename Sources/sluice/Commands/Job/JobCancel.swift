import ArgumentParser
import SluiceJSON

struct JobCancel: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel",
        abstract: "Call a job off; a running one's call is closed.",
        discussion: "Example: sluice job cancel 0192f0c1-2b3c-7d4e-8f50-617283940a1b"
    )

    @Argument(help: "The job's id.")
    var id: String

    @OptionGroup var store: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let answer = try await AdminClient.answer(store, .post("jobs", id, "cancel"))
        if output.json { return try Console.json(answer.bytes) }
        Console.note("Job \(Cell.text(answer.root[key: "id"])) is cancelled.")
    }
}
