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
        _ allowed: Allowed,
        id: JobID,
        terms: JobTerms,
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
            route: allowed.model,
            terms: terms,
            createdAt: createdAt
        )
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

/// What the caller sent, never changed.
package struct JobInput: Sendable, Hashable {
    /// The received bytes; ``JobTerms/format`` tells how they are read.
    package var body: [UInt8]
    /// Those fields of the head that go to the provider, as a JSON object; nil without any.
    package var fields: [UInt8]?
    /// A JSON object of strings, as it was sent; nil without one.
    package var metadata: [UInt8]?
    /// The caller's trace context; nil without one.
    package var trace: [UInt8]?

    package init(body: [UInt8], fields: [UInt8]? = nil, metadata: [UInt8]? = nil, trace: [UInt8]? = nil) {
        self.body = body
        self.fields = fields
        self.metadata = metadata
        self.trace = trace
    }

    /// How many bytes are kept of it.
    package var byteCount: Int {
        body.count + (fields?.count ?? 0) + (metadata?.count ?? 0) + (trace?.count ?? 0)
    }
}

/// What a submission came to.
package enum Submission: Sendable, Hashable {
    /// A new job, committed.
    case created(JobID)
    /// The same idempotency key and fingerprint were seen before: this is that job. Nothing was stored.
    ///
    /// A key whose job ended without an answer and surely cost nothing is handed on instead; see ``KeyHandover``.
    case replayed(JobID)
    /// The idempotency key belongs to another request. Nothing was stored.
    case keyReused
}

/// What a submission that starts at once came to.
package enum RunningSubmission: ~Copyable, Sendable {
    /// A new job, committed as running at epoch 1.
    case started(Claim)
    /// See ``Submission/replayed(_:)``.
    case replayed(JobID)
    /// See ``Submission/keyReused``.
    case keyReused
}
