import ArgumentParser
import SluiceJSON

struct JobShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show one job; with --json its prompt and answer too.",
        discussion: "Example: sluice job show 0192f0c1-2b3c-7d4e-8f50-617283940a1b"
    )

    @Argument(help: "The job's id.")
    var id: String

    @OptionGroup var store: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let answer = try await AdminClient.answer(store, .get("jobs", id))
        if output.json { return try Console.json(answer.bytes) }
        try JobDetails.show(answer.root)
    }
}
