import SluiceStore
import SluiceTypes

// How jobs arrive.

extension ModelWorld {
    @discardableResult
    mutating func submit(_ job: NewJob) async throws -> Submission {
        let expected = arrival(of: job)
        try await checkForeknowledge(job, expected)
        let answer = try await subject.submit(job)
        try expectEqual(answer, expected, "the submission")
        if case .created = expected { try await keep(ModelJob(heir(job)), job) }
        try await compare(job.id)
        return answer
    }

    /// The claim; nil where the key was known.
    mutating func submitRunning(_ job: NewJob, row: String, boot: BootID) async throws -> ClaimedJob? {
        let expected = arrival(of: job)
        try await checkForeknowledge(job, expected)
        var started: ClaimedJob?
        switch try await subject.submitRunning(job, row: row, boot: boot) {
        case .started(let claim):
            try expectEqual(.created(job.id), expected, "the submission")
            let start = AttemptStart.sample(row, at: job.createdAt)
            var model = ModelJob(heir(job))
            model.claim(start, boot: boot)
            try await keep(model, job)
            try check(claim, model, start)
            started = claim
        case .replayed(let id): try expectEqual(.replayed(id), expected, "the submission")
        case .keyReused: try expectEqual(.keyReused, expected, "the submission")
        case .noParent: try expectEqual(.noParent, expected, "the submission")
        }
        try await compare(job.id)
        return started
    }

    private func arrival(of job: NewJob) -> Submission {
        let known = keyed(job)
        guard case .created = known, let ancestry = job.ancestry else { return known }
        guard let parent = jobs[ancestry.previous], parent.record.owner == job.owner, parent.isOffered,
            ancestry == Ancestry(continuing: parent.record)
        else { return .noParent }
        return known
    }

    /// What it comes to by its key alone.
    private func keyed(_ job: NewJob) -> Submission {
        guard let key = job.idempotencyKey, let known = keys[KeyName(owner: job.owner, key: key)],
            known.expiresAt > job.createdAt
        else { return .created(job.id) }
        guard known.fingerprint == job.fingerprint else { return .keyReused }
        return letsGo(known.job) ? .created(job.id) : .replayed(known.job)
    }

    /// Whether the job that a key stands for ended without an answer, with nothing that could have been paid.
    private func letsGo(_ id: JobID) -> Bool {
        guard let record = jobs[id]?.record else { return false }
        return (record.state == .dead || record.state == .cancelled) && !record.possiblyCharged
    }

    /// The job whose key `job` takes over; nil where the key is new or over.
    private func former(of job: NewJob) -> JobID? {
        guard let key = job.idempotencyKey, let known = keys[KeyName(owner: job.owner, key: key)],
            known.expiresAt > job.createdAt, letsGo(known.job)
        else { return nil }
        return known.job
    }

    private func heir(_ job: NewJob) -> NewJob {
        var job = job
        if job.retryOf == nil { job.facts.terms.retryOf = former(of: job) }
        return job
    }

    private mutating func keep(_ model: ModelJob, _ job: NewJob) async throws {
        if let former = former(of: job) {
            jobs[former]?.record.supersededBy = job.id
            try await compare(former)
        }
        enter(model, job)
    }

    /// What a reader is told of a key before the submission.
    private func checkForeknowledge(_ job: NewJob, _ expected: Submission) async throws {
        guard let key = job.idempotencyKey else { return }
        let answer = try await subject.store.submission(
            owner: job.owner,
            key: key,
            fingerprint: job.fingerprint,
            at: job.createdAt
        )
        let isNew = expected == .created(job.id) || expected == .noParent
        try expectEqual(answer, isNew ? nil : expected, "what is told of key \(key)")
    }
}
