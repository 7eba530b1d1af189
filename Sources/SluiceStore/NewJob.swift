package import SluiceTypes

/// A job as it enters: everything the store keeps of a submission.
package struct NewJob: Sendable {
    package var id: JobID
    package var owner: OwnerID
    /// For the audit only; the job belongs to the owner.
    package var token: TokenID?
    package var surface: Surface
    package var operation: Operation
    package var model: String
    package var stream: Bool
    package var lane: Lane
    package var onUnknown: OnUnknown
    /// The first moment at which the job may be claimed.
    package var runAt: Timestamp
    /// When a job that is still queued dies as `expired`; nil for the caller who named no deadline.
    package var deadlineAt: Timestamp?
    package var createdAt: Timestamp
    /// SHA-256 over owner, route and raw body, 32 bytes.
    package var fingerprint: [UInt8]
    /// The caller's key; nil without one.
    package var idempotencyKey: String?
    /// The failed job that this one repeats for a caller who tried again.
    ///
    /// An idempotency key that stands for that job, dead or cancelled, stands for this one from now on: a failure is not
    /// the answer that a key keeps for its caller.
    package var retryOf: JobID?
    package var input: JobInput

    package init(
        id: JobID,
        owner: OwnerID,
        token: TokenID? = nil,
        surface: Surface,
        operation: Operation,
        model: String,
        stream: Bool = false,
        lane: Lane,
        onUnknown: OnUnknown,
        runAt: Timestamp,
        deadlineAt: Timestamp? = nil,
        createdAt: Timestamp,
        fingerprint: [UInt8],
        idempotencyKey: String? = nil,
        retryOf: JobID? = nil,
        input: JobInput
    ) {
        self.id = id
        self.owner = owner
        self.token = token
        self.surface = surface
        self.operation = operation
        self.model = model
        self.stream = stream
        self.lane = lane
        self.onUnknown = onUnknown
        self.runAt = runAt
        self.deadlineAt = deadlineAt
        self.createdAt = createdAt
        self.fingerprint = fingerprint
        self.idempotencyKey = idempotencyKey
        self.retryOf = retryOf
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
    /// How `body` is read.
    package enum Format: String, Sendable, CaseIterable {
        /// The native body, `{type, model, prompt, …}`.
        case prompt
        /// OpenAI's body.
        case openAI = "openai"
    }

    package var format: Format
    /// The received bytes.
    package var body: [UInt8]
    /// A JSON object of strings, as it was sent; nil without one.
    package var metadata: [UInt8]?

    package init(format: Format, body: [UInt8], metadata: [UInt8]? = nil) {
        self.format = format
        self.body = body
        self.metadata = metadata
    }
}

/// What a submission came to.
package enum Submission: Sendable, Hashable {
    /// A new job, committed.
    case created(JobID)
    /// The same idempotency key and fingerprint were seen before: this is that job. Nothing was stored.
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

/// What a transition costs its owner, booked in the same transaction.
///
/// Limits are not there yet: nothing is booked.
package enum Charge: Sendable, Hashable {
    case none
}
