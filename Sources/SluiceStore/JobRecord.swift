package import SluiceTypes

/// A job as it is shown.
package struct JobRecord: Sendable {
    package var id: JobID
    package var owner: OwnerID
    package var token: TokenID?
    package var surface: Surface
    package var operation: Operation
    package var model: String
    package var stream: Bool
    package var lane: Lane
    package var state: JobState
    package var epoch: Int64
    package var failures: Int
    package var interrupts: Int
    package var onUnknown: OnUnknown
    package var runAt: Timestamp
    package var deferredSince: Timestamp?
    package var deadlineAt: Timestamp?
    package var createdAt: Timestamp
    package var finishedAt: Timestamp?
    package var expiresAt: Timestamp?
    package var retryOf: JobID?
    /// Why the job is dead.
    package var errorClass: ErrorClass?
    /// Attempts that were not merely released.
    package var attempts: Int
    /// True when a call that is not the result may have been billed.
    package var possiblyCharged: Bool
    /// The newest attempt; nil before the first claim.
    package var lastAttempt: AttemptRecord?
    /// Nil when the bodies were deleted.
    package var input: JobInput?
    package var result: JobResult?

    package init(
        id: JobID,
        owner: OwnerID,
        token: TokenID?,
        surface: Surface,
        operation: Operation,
        model: String,
        stream: Bool,
        lane: Lane,
        state: JobState,
        epoch: Int64,
        failures: Int,
        interrupts: Int,
        onUnknown: OnUnknown,
        runAt: Timestamp,
        deferredSince: Timestamp?,
        deadlineAt: Timestamp?,
        createdAt: Timestamp,
        finishedAt: Timestamp?,
        expiresAt: Timestamp?,
        retryOf: JobID?,
        errorClass: ErrorClass?,
        attempts: Int,
        possiblyCharged: Bool,
        lastAttempt: AttemptRecord?,
        input: JobInput?,
        result: JobResult?
    ) {
        self.id = id
        self.owner = owner
        self.token = token
        self.surface = surface
        self.operation = operation
        self.model = model
        self.stream = stream
        self.lane = lane
        self.state = state
        self.epoch = epoch
        self.failures = failures
        self.interrupts = interrupts
        self.onUnknown = onUnknown
        self.runAt = runAt
        self.deferredSince = deferredSince
        self.deadlineAt = deadlineAt
        self.createdAt = createdAt
        self.finishedAt = finishedAt
        self.expiresAt = expiresAt
        self.retryOf = retryOf
        self.errorClass = errorClass
        self.attempts = attempts
        self.possiblyCharged = possiblyCharged
        self.lastAttempt = lastAttempt
        self.input = input
        self.result = result
    }

    /// When the row last changed, as far as it tells: its end, else its newest attempt's start or end, else its birth.
    ///
    /// Never before its birth, whatever the clock did in between.
    package var updatedAt: Timestamp {
        max(createdAt, finishedAt ?? lastAttempt.map { $0.report?.endedAt ?? $0.start.startedAt } ?? createdAt)
    }
}

/// A stored answer.
package struct JobResult: Sendable, Hashable {
    package var epoch: Int64
    /// The provider's own object; empty where it sent none.
    package var body: [UInt8]
    package var text: String
    package var finish: String
    package var usage: Usage?
    package var storedAt: Timestamp

    package init(epoch: Int64, body: [UInt8], text: String, finish: String, usage: Usage?, storedAt: Timestamp) {
        self.epoch = epoch
        self.body = body
        self.text = text
        self.finish = finish
        self.usage = usage
        self.storedAt = storedAt
    }
}

/// Which jobs to list, newest first.
package struct JobQuery: Sendable {
    /// Nil lists every owner's jobs: for operators.
    package var owner: OwnerID?
    package var state: JobState?
    package var model: String?
    package var errorClass: ErrorClass?
    /// Only jobs that ended (or, while they have not, were made) at or after this moment.
    package var since: Timestamp?
    /// Only jobs older than this one: the last id of the page before.
    package var after: JobID?
    package var limit: Int
    /// Without them a record's `input` and `result` are nil.
    package var withBodies: Bool

    package init(
        owner: OwnerID?,
        state: JobState? = nil,
        model: String? = nil,
        errorClass: ErrorClass? = nil,
        since: Timestamp? = nil,
        after: JobID? = nil,
        limit: Int,
        withBodies: Bool = true
    ) {
        self.owner = owner
        self.state = state
        self.model = model
        self.errorClass = errorClass
        self.since = since
        self.after = after
        self.limit = limit
        self.withBodies = withBodies
    }
}
