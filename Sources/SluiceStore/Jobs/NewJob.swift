package import SluiceTypes

/// A job as it enters: everything the store keeps of a submission.
package struct NewJob: JobShape, Sendable {
    package var facts: JobFacts
    /// The first moment at which the job may be claimed.
    package var runAt: Timestamp
    /// When a job that is still queued dies as `expired`; nil for the caller who named no deadline.
    package var deadlineAt: Timestamp?
    /// SHA-256 over owner, route and raw body, 32 bytes.
    package var fingerprint: [UInt8]
    /// The caller's key; nil without one.
    package var idempotencyKey: String?
    package var input: JobInput

    /// Makes a job, made at `createdAt`, of what its caller was allowed to ask for.
    package init(
        _ allowed: AllowedRoute,
        id: JobID,
        terms: JobTerms,
        size: RequestSize = RequestSize(),
        ancestry: Ancestry? = nil,
        createdAt: Timestamp,
        runAt: Timestamp? = nil,
        deadlineAt: Timestamp? = nil,
        fingerprint: [UInt8],
        idempotencyKey: String? = nil,
        input: JobInput
    ) {
        facts = JobFacts(
            id: id,
            owner: allowed.owner,
            token: allowed.token,
            operation: allowed.operation,
            model: allowed.model,
            route: allowed.route.text,
            terms: terms,
            size: size,
            ancestry: ancestry,
            createdAt: createdAt
        )
        facts.terms.tag = terms.tag ?? allowed.tag
        self.runAt = runAt ?? createdAt
        self.deadlineAt = deadlineAt
        self.fingerprint = fingerprint
        self.idempotencyKey = idempotencyKey
        self.input = input
    }
}

extension NewJob {
    /// How long it may wait from the moment at which it is due; nil without a deadline.
    package var timeGiven: Duration? {
        deadlineAt.map { $0.since(max(createdAt, runAt)) }
    }
}
