import ArgumentParser
import SluiceJSON

struct JobAttempts: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "attempts",
        abstract: "Show every attempt at a job, oldest first.",
        discussion: "Example: sluice job attempts 0192f0c1-2b3c-7d4e-8f50-617283940a1b"
    )

    @Argument(help: "The job's id.")
    var id: String

    @OptionGroup var store: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let answer = try await AdminClient.answer(store, .get("jobs", id, "attempts"))
        if output.json { return try Console.json(answer.bytes) }
        var table = Table("EPOCH", "PROVIDER", "CREDENTIAL", "OUTCOME", "HTTP", "CLASS", "STARTED", "ENDED", "MESSAGE")
        for attempt in answer.root[key: "attempts"]?.elements ?? [] {
            table.add(
                Cell.text(attempt[key: "epoch"]),
                Cell.text(attempt[key: "provider"]),
                Cell.text(attempt[key: "credential"]),
                Cell.text(attempt[key: "outcome"]),
                Cell.text(attempt[key: "httpStatus"]),
                Cell.text(attempt[key: "errorClass"]),
                Cell.moment(attempt[key: "startedAt"]),
                Cell.moment(attempt[key: "endedAt"]),
                Cell.text(attempt[key: "message"])
            )
        }
        try table.show(whenEmpty: "The job has not been tried yet.")
    }
}
