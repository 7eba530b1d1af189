import HTTPTypes
import Hummingbird
import HummingbirdCore
import SluiceEngine
import SluiceJSON
import SluiceStore
import SluiceTypes

extension NativeAPI {
    /// Answers `GET /v1/prompts/{id}`.
    @Sendable
    func getPrompt(_ request: Request, _ context: GatewayContext, _ caller: Caller) async throws -> Response {
        try await show(promptID(context), request, context, caller)
    }

    /// A job's record: at once, or with `Prefer: wait=N` when it has ended, and 202 when it has not by then.
    func show(
        _ id: JobID,
        _ request: Request,
        _ context: GatewayContext,
        _ caller: Caller
    ) async throws -> Response {
        guard let seconds = RequestFields.wait(request.headers, atMost: settings.longestWait) else {
            guard let job = try await reader.job(id, owner: caller.owner) else { throw Problem.promptNotFound }
            return .json(.ok, api.record(of: job, for: caller))
        }
        guard let job = try await wait(for: id, caller.owner, seconds: seconds, context) else {
            throw Problem.promptNotFound
        }
        var response = Response.json(
            job.state.isTerminal ? .ok : .accepted,
            api.record(of: job, for: caller)
        )
        response.headers[.preferenceApplied] = "wait=\(seconds)"
        return response
    }

    /// The job when it has ended, or as it stands when the time is over, the caller has hung up, or the engine stops.
    func wait(
        for id: JobID,
        _ owner: OwnerID,
        seconds: Int,
        _ context: GatewayContext
    ) async throws -> JobRecord? {
        guard seconds > 0 else { return try await reader.job(id, owner: owner) }
        let job = try await context.whileWanted { gone in
            try await engine.wait(for: id, owner: owner, atMost: .seconds(seconds), unless: gone)
        }
        try await context.refuseWhenTokenEnded()
        return job
    }

    /// Answers `GET /v1/prompts/{id}/attempts`.
    @Sendable
    func getAttempts(_ request: Request, _ context: GatewayContext, _ caller: Caller) async throws -> Response {
        guard let attempts = try await reader.attempts(promptID(context), owner: caller.owner) else {
            throw Problem.promptNotFound
        }
        return .json(.ok, AttemptWriter.bytes(attempts))
    }

    /// How long a list looks for jobs that fit.
    private static let patience = Duration.milliseconds(500)

    /// Answers `GET /v1/prompts`.
    @Sendable
    func listPrompts(_ request: Request, _ context: GatewayContext, _ caller: Caller) async throws -> Response {
        var fields = QueryReader(
            request.uri,
            known: [
                "status", "entry", "model", "provider", "class", "since", "until", QueryReader.metadata, "after",
                "limit",
            ]
        )
        let state = fields.choice("status", JobState.self)
        let entry = fields.choice("entry", JobEntry.self)
        let query = JobQuery(
            owner: caller.owner,
            state: state,
            // A call whose caller got its error is no dead letter.
            entry: entry ?? (state == .dead ? .queue : nil),
            model: fields.text("model"),
            errorClass: fields.choice("class", ErrorClass.self),
            provider: fields.text("provider"),
            since: fields.moment("since"),
            until: fields.moment("until"),
            metadata: fields.metadata(),
            after: fields.jobID("after"),
            limit: fields.integer("limit", 1...100, default: 20)
        )
        try fields.finish()
        let jobs = try await JobList(query, reader, within: NativeAPI.patience)
        let body = JSONWriter.bytes { writer in
            writer.object { writer in
                writer.member(
                    "prompts",
                    array: { writer in
                        for job in jobs.jobs {
                            writer.object {
                                RecordWriter.members(
                                    of: job,
                                    waiting: engine.waiting(job),
                                    seesMoney: caller.seesMoney,
                                    to: &$0
                                )
                            }
                        }
                    }
                )
                writer.member("next", jobs.next?.description)
            }
        }
        return .json(.ok, body)
    }
}
