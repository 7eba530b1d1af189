import HTTPTypes
import SluiceEngine
import SluiceJSON
import SluiceStore
import SluiceTokens
import SluiceTypes

extension AdminAPI {
    func routeJobs(_ request: AdminRequest, _ parts: [String]) async throws -> AdminReply {
        guard parts.count > 1 else { return try await oneOf(["GET": listJobs], request) }
        if parts.dropFirst() == ["redrive"] { return try await oneOf(["POST": redriveMany], request) }
        if parts.dropFirst() == ["cancel"] { return try await oneOf(["POST": cancelMany], request) }
        let id = try await id(parts[1])
        switch parts.dropFirst(2) {
        case []: return try await oneOf(["GET": { _ in try await self.showJob(id) }], request)
        case ["attempts"]: return try await oneOf(["GET": { _ in try await self.attempts(id) }], request)
        case ["cancel"]: return try await oneOf(["POST": { try await self.cancel(id, $0) }], request)
        case ["redrive"]: return try await oneOf(["POST": { try await self.redrive(id, $0) }], request)
        default: throw AdminAPI.nothingHere
        }
    }

    private func listJobs(_ request: AdminRequest) async throws -> AdminReply {
        let known = [
            "status", "calls", "model", "class", "provider", "owner", "since", "until", QueryReader.metadata, "after",
            "limit",
        ]
        var reader = QueryReader(request.pairs, known: known)
        let ownerName = reader.text("owner")
        let state = reader.choice("status", JobState.self)
        let withCalls = reader.flag("calls")
        var query = JobQuery(
            owner: nil,
            state: state,
            entry: state == .dead && !withCalls ? .queue : nil,
            model: reader.text("model"),
            errorClass: reader.choice("class", ErrorClass.self),
            provider: reader.text("provider"),
            since: reader.moment("since"),
            until: reader.moment("until"),
            metadata: reader.metadata(),
            after: reader.jobID("after"),
            limit: reader.integer("limit", 1...1000, default: 50),
            // Operators' lists show none, and a thousand of them would be a gigabyte.
            withBodies: false
        )
        try reader.finish()
        if let ownerName { query.owner = try await tokens.owner(ownerName).id }
        let list = try await JobList(query, records, within: nil)
        let jobs = list.jobs
        let owners = try await ownerNames()
        return .object { writer in
            writer.objects("jobs", jobs) { self.write($0, owners, to: &$1) }
            writer.member("next", list.next?.description)
        }
    }

    private func showJob(_ id: JobID, status: Int = 200) async throws -> AdminReply {
        guard let job = try await records.job(id, owner: nil) else { throw AdminAPI.jobNotFound }
        let owners = try await ownerNames()
        return .object(status) { self.write(job, owners, to: &$0) }
    }

    private func attempts(_ id: JobID) async throws -> AdminReply {
        guard let attempts = try await records.attempts(id, owner: nil) else { throw AdminAPI.jobNotFound }
        var rows: [String: [UInt8]] = [:]
        for hash in Set(attempts.map(\.start.configHash)) {
            // It stands in the answer as it was kept, so what is no JSON any more must stay out of it.
            guard let row = try await records.config(hash), (try? Document(row)) != nil else { continue }
            rows[hash] = row
        }
        return AdminReply(status: 200, body: AttemptWriter.bytes(attempts, forOperator: rows))
    }

    private func cancel(_ id: JobID, _ request: AdminRequest) async throws -> AdminReply {
        switch try await cancelOne(id, request) {
        case .cancelled: break
        case .ended(let state):
            throw Problem(
                .conflict,
                "wrong-state",
                "the job is \(state.rawValue); only one that has not ended can be cancelled"
            )
        case .notFound: throw AdminAPI.jobNotFound
        }
        return try await showJob(id)
    }

    private func redrive(_ id: JobID, _ request: AdminRequest) async throws -> AdminReply {
        var reader = try request.fields(["model"])
        let model = reader["model"] == nil ? nil : reader.model()
        try reader.finish()
        if let model { try await checkModel(model, of: id) }
        try await redrive(id, to: model, request)
        return try await showJob(id)
    }

    /// Redrives one job, with its line in the audit.
    ///
    /// - Throws: ``Problem`` for one that can't be, `StoreError`.
    func redrive(_ id: JobID, to model: String?, _ request: AdminRequest) async throws {
        switch try await jobs.redrive(id, owner: nil, model: model, audit: entry("job.redrive", id, request)) {
        case .queued: break
        case .notDead(let state):
            throw Problem(.conflict, "wrong-state", "the job is \(state.rawValue); only a dead one can be redriven")
        case .deleted:
            throw Problem(
                .conflict,
                "deleted",
                "the job's request was deleted or never kept: there is nothing to send"
            )
        case .notKept:
            throw Problem(
                .conflict,
                "deleted",
                "the job's caller asked that it not be stored: what was asked is not kept to be sent again"
            )
        case .noParent:
            throw Problem(.conflict, "deleted", "what the job continues was deleted: there is nothing whole to send")
        case .superseded(let heir):
            throw Problem(
                .conflict,
                "superseded",
                "the job's idempotency key was sent again and stands for job \(heir) now: look at that one"
            )
        case .notFound: throw AdminAPI.jobNotFound
        }
    }

    /// Without a server the rows are not known, and the model is believed.
    private func checkModel(_ model: String, of id: JobID) async throws {
        guard engine != nil, let job = try await records.job(id, owner: nil) else { return }
        try checkServed(model, job)
    }

    /// - Throws: ``Problem`` when a server runs and none of its rows serves the model.
    func checkServed(_ model: String, _ job: some JobShape) throws(Problem) {
        let operation = job.operation
        let isBound = ModelRoute(text: job.facts.route).isBound
        switch engine?.offer(operation, in: job.format, model: model, isBound: isBound) {
        case .served, .unavailable, nil: return
        case .unshared: throw Problem.invalid([Fault("/model", NamedState.sentence(model: model))])
        case .unknownOperation:
            throw Problem.invalid([Fault("/model", "no provider serves \(operation.rawValue) now")])
        case .otherFormat(let served):
            throw Problem.invalid([Fault("/model", UnknownName.sentence(model: model, takes: served))])
        case .unknownModel(let allowed, let nearest):
            let detail = UnknownName.sentence(model: model, for: operation, allowed, nearest: nearest)
            throw Problem.invalid([Fault("/model", detail, allowed: allowed)])
        }
    }

    /// The line in the audit of what `request` did to a job.
    func entry(_ action: String, _ id: JobID, _ request: AdminRequest) -> AuditEntry {
        AuditEntry(
            at: now(),
            actor: request.actor,
            action: action,
            subject: id.description,
            result: "ok"
        )
    }

    /// The job that is meant by its id, or by as much of its beginning as no other has: eight characters at least.
    ///
    /// - Throws: ``Problem`` where there is none, or more than one; `StoreError`.
    private func id(_ text: String) async throws -> JobID {
        if let id = JobID(text) { return id }
        guard text.utf8.count >= 8, let span = JobID.span(beginningWith: text) else { throw AdminAPI.jobNotFound }
        let found = try await records.ids(from: span.first, through: span.last, limit: 2)
        guard let id = found.first else { throw AdminAPI.jobNotFound }
        guard found.count == 1 else {
            throw Problem(
                .conflict,
                "ambiguous-id",
                "several jobs' ids begin with \(text); give more of the one that is meant"
            )
        }
        return id
    }

    private static var jobNotFound: Problem {
        .notFound("no job has this id; `sluice job list` shows them")
    }

    private func write(_ job: JobRecord, _ owners: [OwnerID: String], to writer: inout JSONWriter) {
        let waiting = engine?.waiting(job)?.forOperators
        RecordWriter.members(of: job, waiting: waiting, seesMoney: true, to: &writer)
        writer.owner(job.owner, owners)
        writer.member("token", job.token?.rawValue)
        writer.member("epoch", job.epoch)
        writer.member("failures", job.failures)
        writer.member("interrupts", job.interrupts)
        writer.member("onUnknown", job.onUnknown.rawValue)
        writer.member("deadlineAt", job.deadlineAt?.description)
        writer.member("expiresAt", job.expiresAt?.description)
        // For one that is queued the record itself holds both.
        guard job.state != .queued else { return }
        writer.member("nextAttemptAt", String?.none)
        writer.member("waitingFor", String?.none)
    }
}
