import ArgumentParser
import SluiceJSON
import SluiceTypes

struct JobCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "job",
        abstract: "Look after every owner's jobs.",
        discussion: """
            For operators: works on the running server of the data directory, or on the store itself when none runs. \
            Callers use sluice prompt.

            Example: sluice job dead
            """,
        subcommands: [JobList.self, JobShow.self, JobAttempts.self, JobCancel.self, JobDead.self, JobRedrive.self]
    )
}

struct JobList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List jobs, newest first.",
        discussion: "Example: sluice job list --status queued --model gpt-4o-mini"
    )

    @Option(help: "Only jobs that are queued, running, succeeded, dead or cancelled.", completion: Completing.status)
    var status: String?

    @OptionGroup var filter: JobFilter
    @OptionGroup var watching: WatchOptions
    @OptionGroup var store: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await watching.showing(with: output) {
            let answer = try await AdminClient.answer(store, filter.call(status: status))
            if output.json { return try output.show(answer) }
            try JobTable.show(answer.root, whenEmpty: "There is no such job.", isWide: output.isWide)
        }
    }
}

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
        if output.json { return try output.show(answer) }
        try JobDetails.show(answer.root)
    }
}

struct JobAttempts: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "attempts",
        abstract: "Show every attempt at a job, oldest first.",
        discussion: """
            With --json each tells its provider row too, as it stood in the providers file then.

            Example: sluice job attempts 0192f0c1-2b3c-7d4e-8f50-617283940a1b
            """
    )

    @Argument(help: "The job's id.")
    var id: String

    @OptionGroup var store: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let answer = try await AdminClient.answer(store, .get("jobs", id, "attempts"))
        if output.json { return try output.show(answer) }
        try AttemptTable.show(answer.root, whenEmpty: "The job has not been tried yet.", isWide: output.isWide)
    }
}

struct JobCancel: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel",
        abstract: "Call jobs off, by id or by what they have in common; a running one's call is closed.",
        discussion: """
            With a filter it prints the id of each job that is cancelled; --dry-run prints the ids without touching them, and \
            more than 100 jobs want --yes. Calls whose callers wait are among the running ones.

            Example: sluice job cancel 0192f0c1-2b3c-7d4e-8f50-617283940a1b
            Example: sluice job cancel --status queued --owner batch --model gpt-4o --since 2h --dry-run
            """
    )

    @Argument(help: "The job's id.")
    var id: String?

    @Option(help: "Jobs that are queued, or running; without it both.", completion: Completing.status)
    var status: String?

    @Option(help: "Jobs that ask for this model.", completion: Completing.model)
    var model: String?

    @Option(help: "Jobs of this owner, by name or id.", completion: Completing.owner)
    var owner: String?

    @Option(help: "Jobs of this lane: interactive or bulk.", completion: Completing.lane)
    var lane: String?

    @Option(help: "Jobs of this type: chat, completion or embedding.", completion: Completing.type)
    var type: String?

    @Option(help: "Jobs that were made within this time, \(DurationArgument.spelling).")
    var since: DurationArgument?

    @Option(help: "Jobs that were made before this time, so long ago or longer, \(DurationArgument.spelling).")
    var until: DurationArgument?

    @OptionGroup var marks: MetadataOptions

    @Option(help: "At most so many of them: queued ones first, each owner's newest first.")
    var limit: Count?

    @Flag(help: "Only print which jobs a filter finds.")
    var dryRun = false

    @Flag(help: "Also more than 100 jobs, without a question.")
    var yes = false

    @OptionGroup var store: DataOptions
    @OptionGroup var output: OutputOptions

    private var hasFilter: Bool {
        [status, model, owner, lane, type].contains { $0 != nil } || since != nil || until != nil || limit != nil
            || !marks.metadata.isEmpty
    }

    func validate() throws {
        if id == nil && !hasFilter {
            throw ValidationError(
                "Say which: an id, or a filter of --status, --model, --owner, --lane, --type, --metadata, --since, --until and --limit."
            )
        }
        if id != nil && hasFilter { throw ValidationError("Give an id or a filter, not both.") }
        try JobFilter.check(since, until)
        if id != nil && dryRun { throw ValidationError("--dry-run goes with a filter, not with an id.") }
    }

    func run() async throws {
        guard let id else { return try await AdminClient.using(store) { await cancelAll(with: $0) }.finish() }
        let answer = try await AdminClient.answer(store, .post("jobs", id, "cancel"))
        if output.json { return try output.show(answer) }
        Console.note("Job \(Cell.text(answer.root[key: "id"])) is cancelled.")
    }

    /// Goes through the jobs as far as it can; what was done is in the report, and why it went no further.
    func cancelAll(with client: AdminClient) async -> ManyReport {
        let report = ManyReport(.cancel, json: output.json, dryRun: dryRun)
        let open = ManyJobs(
            client: client,
            action: .cancel,
            filter: [
                ("status", status), ("model", model), ("owner", owner), ("lane", lane), ("type", type),
                ("since", since?.ago), ("until", until?.ago),
            ] + marks.query,
            limit: limit?.value
        )
        do {
            try await open.change(dryRun: dryRun, yes: yes, report)
        } catch {
            report.broke("\(error)")
        }
        return report
    }
}

struct JobDead: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dead",
        abstract: "List dead letters: jobs that no further attempt will help without you.",
        discussion: "Example: sluice job dead --class authentication --since 2h"
    )

    @OptionGroup var filter: JobFilter
    @OptionGroup var watching: WatchOptions
    @OptionGroup var store: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await watching.showing(with: output) {
            let answer = try await AdminClient.answer(store, filter.call(status: "dead"))
            if output.json { return try output.show(answer) }
            try DeadTable.show(answer.root, isWide: output.isWide)
        }
    }
}

struct JobRedrive: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "redrive",
        abstract: "Queue dead jobs again, by id or by what they have in common.",
        discussion: """
            Prints the id of each job that is queued again. The filters are those of sluice job dead; with one, --dry-run prints \
            the ids without touching them, and more than 100 jobs want --yes.

            Example: sluice job redrive 0192f0c1-2b3c-7d4e-8f50-617283940a1b --to-model gpt-4o-mini
            Example: sluice job redrive --model gpt-4 --class invalidModel --since 2h --to-model gpt-4o --dry-run
            """
    )

    @Argument(help: "The jobs' ids.")
    var ids: [String] = []

    @Option(help: "Dead jobs that asked for this model.", completion: Completing.model)
    var model: String?

    @Option(
        name: .customLong("class"),
        help: "Dead jobs that failed with this class of error: \(Completing.among(ErrorClass.self)).",
        completion: Completing.errorClass
    )
    var errorClass: String?

    @Option(help: "Dead jobs of this owner, by name or id.", completion: Completing.owner)
    var owner: String?

    @Option(help: "Dead jobs whose last attempt was at this provider row.", completion: Completing.row)
    var provider: String?

    @Option(help: "Dead jobs that ended within this time, \(DurationArgument.spelling).")
    var since: DurationArgument?

    @Option(help: "Dead jobs that ended before this time, so long ago or longer, \(DurationArgument.spelling).")
    var until: DurationArgument?

    @OptionGroup var marks: MetadataOptions

    @Option(help: "At most so many of them, the newest.")
    var limit: Count?

    @Flag(help: "With a filter, also calls whose callers got their error.")
    var calls = false

    @Option(help: "Ask this model from now on, of the same type.", completion: Completing.model)
    var toModel: String?

    @Flag(help: "Only print which jobs a filter finds.")
    var dryRun = false

    @Flag(help: "Also more than 100 jobs, without a question.")
    var yes = false

    @OptionGroup var store: DataOptions
    @OptionGroup var output: OutputOptions

    private var hasFilter: Bool {
        [model, errorClass, owner, provider].contains { $0 != nil } || since != nil || until != nil || limit != nil
            || !marks.metadata.isEmpty
    }

    func validate() throws {
        if ids.isEmpty && !hasFilter {
            throw ValidationError(
                "Say which: ids, or a filter of --model, --class, --owner, --provider, --metadata, --since, --until and --limit."
            )
        }
        try JobFilter.check(since, until)
        if !ids.isEmpty && hasFilter { throw ValidationError("Give ids or a filter, not both.") }
        if !ids.isEmpty && calls { throw ValidationError("--calls goes with a filter, not with ids.") }
        if !ids.isEmpty && dryRun { throw ValidationError("--dry-run goes with a filter, not with ids.") }
    }

    func run() async throws {
        try await AdminClient.using(store) { client in await redrive(with: client) }.finish()
    }

    /// Goes through the jobs as far as it can; what was done is in the report, and why it went no further.
    func redrive(with client: AdminClient) async -> ManyReport {
        let action = ManyAction.redrive(to: toModel)
        let report = ManyReport(action, json: output.json, dryRun: dryRun)
        do {
            for id in ids { try await redrive(id, client, action, report) }
            if ids.isEmpty { try await dead(client, action).change(dryRun: dryRun, yes: yes, report) }
        } catch {
            report.broke("\(error)")
        }
        return report
    }

    private func dead(_ client: AdminClient, _ action: ManyAction) -> ManyJobs {
        ManyJobs(
            client: client,
            action: action,
            filter: [
                ("modelWas", model), ("class", errorClass), ("owner", owner), ("provider", provider),
                ("since", since?.ago), ("until", until?.ago), ("calls", calls ? "true" : nil),
            ] + marks.query,
            limit: limit?.value
        )
    }

    private func redrive(
        _ id: String,
        _ client: AdminClient,
        _ action: ManyAction,
        _ report: ManyReport
    ) async throws(OutputError) {
        do {
            _ = try await client.send(.post("jobs", id, action.path, body: action.body))
        } catch {
            return report.refused(id, "\(error)")
        }
        try report.found(id)
    }
}

/// Which jobs to list.
struct JobFilter: ParsableArguments {
    @Option(help: "Only jobs for this model.", completion: Completing.model)
    var model: String?

    @Option(
        name: .customLong("class"),
        help: "Only jobs that failed with this class of error: \(Completing.among(ErrorClass.self)).",
        completion: Completing.errorClass
    )
    var errorClass: String?

    @Option(help: "Only jobs of this owner, by name or id.", completion: Completing.owner)
    var owner: String?

    @Option(help: "Only jobs whose last attempt was at this provider row.", completion: Completing.row)
    var provider: String?

    @Option(help: "Only jobs that ended, or were made, within this time, \(DurationArgument.spelling).")
    var since: DurationArgument?

    @Option(
        help:
            "Only jobs that ended, or were made, before this time, so long ago or longer, \(DurationArgument.spelling)."
    )
    var until: DurationArgument?

    @OptionGroup var marks: MetadataOptions

    @Flag(help: "Among dead jobs, also the calls whose callers got their error.")
    var calls = false

    @Option(help: "Go on after this job: the last one of the page before.")
    var after: String?

    @Option(help: "The most jobs to show.")
    var limit = Count(50)

    func validate() throws {
        try JobFilter.check(since, until)
    }

    func call(status: String?) -> AdminCall {
        .get(
            "jobs",
            query: [
                ("status", status), ("calls", calls ? "true" : nil), ("model", model), ("class", errorClass),
                ("owner", owner), ("provider", provider), ("since", since?.ago), ("until", until?.ago),
                ("after", after), ("limit", String(limit.value)),
            ] + marks.query
        )
    }

    /// - Throws: `ValidationError` for a time that ends before it begins.
    static func check(_ since: DurationArgument?, _ until: DurationArgument?) throws {
        guard let since, let until, since.seconds <= until.seconds else { return }
        throw ValidationError("Nothing can be within \(since) and before \(until): give --since the longer time.")
    }
}
