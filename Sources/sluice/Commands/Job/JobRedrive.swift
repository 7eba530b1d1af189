import ArgumentParser
import SluiceJSON

struct JobRedrive: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "redrive",
        abstract: "Queue dead jobs again, by id or by what they have in common.",
        discussion: """
            Prints the id of each job that is queued again. With a filter, --dry-run prints the ids without touching \
            them.

            Example: sluice job redrive 0192f0c1-2b3c-7d4e-8f50-617283940a1b --model gpt-4o-mini
            Example: sluice job redrive --model-was gpt-4 --class invalidModel --since 2h --model gpt-4o --dry-run
            """
    )

    @Argument(help: "The jobs' ids.")
    var ids: [String] = []

    @Option(help: "Dead jobs that asked for this model.")
    var modelWas: String?

    @Option(name: .customLong("class"), help: "Dead jobs that failed with this class of error.")
    var errorClass: String?

    @Option(help: "Dead jobs that ended within this time.")
    var since: DurationArgument?

    @Flag(help: "With a filter, also calls whose callers got their error.")
    var calls = false

    @Option(help: "Ask this model from now on, of the same type.")
    var model: String?

    @Flag(help: "Only print which jobs a filter finds.")
    var dryRun = false

    @OptionGroup var store: DataOptions
    @OptionGroup var output: OutputOptions

    private var hasFilter: Bool { modelWas != nil || errorClass != nil || since != nil }

    func validate() throws {
        if ids.isEmpty && !hasFilter {
            throw ValidationError("Say which: ids, or a filter of --model-was, --class and --since.")
        }
        if !ids.isEmpty && hasFilter { throw ValidationError("Give ids or a filter, not both.") }
        if !ids.isEmpty && calls { throw ValidationError("--calls goes with a filter, not with ids.") }
        if !ids.isEmpty && dryRun { throw ValidationError("--dry-run goes with a filter, not with ids.") }
    }

    func run() async throws {
        try await AdminClient.using(store) { client in await redrive(with: client) }.finish()
    }

    /// Goes through the jobs as far as it can; what was done is in the report, and why it went no further.
    func redrive(with client: AdminClient) async -> RedriveReport {
        let report = RedriveReport(json: output.json, dryRun: dryRun)
        do {
            for id in ids { try await redrive(id, client, report) }
            if ids.isEmpty { try await redriveAll(client, report) }
        } catch {
            report.broke("\(error)")
        }
        return report
    }

    private func redriveAll(_ client: AdminClient, _ report: RedriveReport) async throws {
        let dead = DeadJobs(
            client: client,
            model: modelWas,
            errorClass: errorClass,
            since: since?.ago,
            withCalls: calls
        )
        var bar = output.json ? ProgressBar("jobs", isShown: false) : ProgressBar("jobs")
        let total = bar.isShown && !dryRun ? try await dead.count() : nil
        try await dead.forEachPage(to: model, dryRun: dryRun) { page in
            bar.clear()
            for id in page.queued { try report.found(id) }
            for refusal in page.refused { report.refused(refusal.id, refusal.sentence) }
            bar.show(Int64(report.done.count), of: total)
        }
        bar.clear()
    }

    private func redrive(_ id: String, _ client: AdminClient, _ report: RedriveReport) async throws(OutputError) {
        let body = JSONWriter.bytes { writer in
            writer.object { $0.memberIfPresent("model", model) }
        }
        do {
            _ = try await client.send(.post("jobs", id, "redrive", body: body))
        } catch {
            return report.refused(id, "\(error)")
        }
        try report.found(id)
    }
}
