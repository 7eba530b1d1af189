package import SluiceStore
import SluiceTypes

extension Engine {
    /// What becomes of a job that is to be queued.
    package enum Queueing: Sendable {
        /// Its owner's or its token's limits don't let it in.
        case refused(LimitRefusal)
        case answered(Submission)
    }

    /// Commits a job where its owner's limits let it wait: where there is room, and it may ever pass.
    ///
    /// What has its key already is found, whatever the limits say by now.
    ///
    /// - Throws: ``StoreError``.
    package func queue(_ job: NewJob) async throws(StoreError) -> Queueing {
        if let refusal = calls.refusal(queueing: job) { return try await refused(job, refusal) }
        let (refusal, tried) = room.enter(job, treasury.queueLimits(job.owner, job.facts.token))
        if let refusal { return try await refused(job, refusal) }
        defer { room.leave(job) }
        treasury.noteTrials(tried, of: job.owner, job.facts.token)
        return .answered(try await submit(job))
    }

    private func refused(_ job: NewJob, _ refusal: LimitRefusal) async throws(StoreError) -> Queueing {
        guard let key = job.idempotencyKey else { return refused(refusal) }
        let known = try await store.submission(
            owner: job.owner,
            key: key,
            fingerprint: job.fingerprint,
            at: job.createdAt
        )
        guard let known else { return refused(refusal) }
        if case .replayed = known { observation.note(.replayed(job.facts.terms.surface)) }
        return .answered(known)
    }

    private func refused(_ refusal: LimitRefusal) -> Queueing {
        observation.note(.refused(refusal))
        return .refused(refusal)
    }
}
