import HTTPTypes
import Hummingbird
import SluiceEngine
import SluiceJSON
import SluiceMoney
import SluiceStore
import SluiceTypes

extension NativeAPI {
    /// Answers `POST /v1/prompts`.
    @Sendable
    func postPrompt(_ request: Request, _ context: GatewayContext, _ caller: Caller) async throws -> Response {
        try api.refuseWhenStopping()
        try RequestFields.requireJSON(request.headers)
        let seconds = RequestFields.wait(request.headers, atMost: settings.longestWait)
        return try await api.bodies.withBody(of: request, context) { document in
            let accepted = try await accept(document, .native, request.headers, caller)
            if let new = accepted.new { context.trace?.brought(new) }
            var response = try await answer(accepted, caller, context, waiting: seconds)
            response.headers[.location] = api.location(of: accepted.id)
            if accepted.isReplay { response.headers[.idempotencyReplayed] = "true" }
            if let seconds { response.headers[.preferenceApplied] = "wait=\(seconds)" }
            return response
        }
    }

    /// Checks a body and commits it as a job.
    ///
    /// - Throws: ``Problem`` and `StoreError`; then nothing was stored.
    func accept(
        _ document: Document,
        _ form: PromptForm,
        _ headers: HTTPFields,
        _ caller: Caller
    ) async throws -> Accepted {
        let key = try RequestFields.idempotencyKey(headers)
        let tag = try RequestFields.tag(headers)
        let moment = api.now()
        let fingerprint = RequestFingerprint.of(caller.owner, form.path, document.bytes)
        let fields: PromptFields
        do throws(Problem) {
            fields = try PromptFields(
                document,
                form,
                caller: caller,
                now: moment,
                tries: api.engine.tries,
                promptLimit: settings.promptLimit,
                offered: offered
            )
        } catch {
            // What was taken once stays taken, whatever the rows say of it now.
            guard let key, error.status != .forbidden,
                case .replayed(let id)? = try await reader.submission(
                    owner: caller.owner,
                    key: key,
                    fingerprint: fingerprint,
                    at: moment
                )
            else { throw error }
            engine.observation.note(.replayed(.prompt))
            return Accepted(id: id, document: document)
        }
        guard engine.memory.take(fields.copied) else { throw Problem.memoryFull }
        defer { engine.memory.giveBack(fields.copied) }
        var terms = fields.terms
        terms.tag = tag
        let job = NewJob(
            fields.allowed,
            id: .generate(at: moment),
            terms: terms,
            size: RequestSize(of: document, for: fields.allowed.operation),
            createdAt: moment,
            runAt: fields.runAt,
            deadlineAt: fields.deadlineAt,
            fingerprint: fingerprint,
            idempotencyKey: key,
            input: fields.input(document, TraceContext(headers))
        )
        let submission: Submission
        switch try await engine.queue(job) {
        case .refused(let refusal): throw Problem(refusal, seesMoney: caller.seesMoney)
        case .answered(let answer): submission = answer
        }
        switch submission {
        case .created(let id): return Accepted(id: id, document: document, new: job)
        case .replayed(let id): return Accepted(id: id, document: document)
        // No prompt continues another.
        case .noParent: throw Problem.promptNotFound
        case .keyReused:
            throw Problem(
                .unprocessableContent,
                "idempotency-key-reused",
                "this Idempotency-Key was used with another body; use a new key for a new prompt",
                faults: [Fault("Idempotency-Key", "belongs to another request")]
            )
        }
    }

    /// What the rows say now.
    var offered: PromptFields.OfferedModels {
        PromptFields.OfferedModels(
            offer: { [engine] in engine.offer($0, in: $1, model: $2, isBound: $3) },
            served: { [engine] in Array(Set(engine.rows.flatMap(\.operations))) },
            aliases: engine.aliases
        )
    }

    private func answer(
        _ accepted: Accepted,
        _ caller: Caller,
        _ context: GatewayContext,
        waiting seconds: Int?
    ) async throws -> Response {
        let job: JobRecord?
        if let seconds {
            job = try await wait(for: accepted.id, caller.owner, seconds: seconds, context)
        } else if let new = accepted.new {
            job = JobRecord(queued: new)
        } else {
            job = try await reader.job(accepted.id, owner: caller.owner)
        }
        // A replay of a job whose bodies were deleted since has nothing left to show.
        guard let job else { throw Problem.promptNotFound }
        let status: HTTPResponse.Status = seconds != nil && job.state.isTerminal ? .ok : .accepted
        return .json(status, api.record(of: job, for: caller, document: accepted.document))
    }
}
