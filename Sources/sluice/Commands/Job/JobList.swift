import ArgumentParser
import SluiceJSON

struct JobList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List jobs, newest first.",
        discussion: "Example: sluice job list --status queued --model gpt-4o-mini"
    )

    @Option(help: "Only jobs that are queued, running, succeeded, dead or cancelled.")
    var status: String?

    @OptionGroup var filter: JobFilter
    @OptionGroup var store: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let answer = try await AdminClient.answer(store, filter.call(status: status))
        if output.json { return try Console.json(answer.bytes) }
        try JobTable.show(answer.root, whenEmpty: "There is no such job.")
    }
}
