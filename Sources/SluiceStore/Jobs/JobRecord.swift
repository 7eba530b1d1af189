package import SluiceTypes

/// A job as it is shown.
package struct JobRecord: JobShape, Sendable {
    package var facts: JobFacts
    package var state: JobState
    package var epoch: Int64
    package var failures: Int
    package var interrupts: Int
    package var runAt: Timestamp
    package var deferredSince: Timestamp?
    package var deadlineAt: Timestamp?
    package var finishedAt: Timestamp?
    /// When its own time is over; one that belongs to a thread is kept for as long as the thread.
    package var expiresAt: Timestamp?
    /// When what was asked and answered goes, of an ended job that does not keep it for as long as itself; nil once it is gone.
    package var bodiesUntil: Timestamp?
    /// The job that has its idempotency key now: such a one stays dead.
    package var supersededBy: JobID?
    /// Why the job is dead.
    package var errorClass: ErrorClass?
    /// Attempts that were not merely released.
    package var attempts = 0
    /// True when a call that is not the result may have been billed.
    package var possiblyCharged = false
    /// What its attempts cost; nil where none was charged for.
    package var cost: JobCost?
    /// The newest attempt; nil before the first claim.
    package var lastAttempt: AttemptRecord?
    /// Nil when the bodies were deleted.
    package var input: JobInput?
    package var result: JobResult?

    package init(
        _ facts: JobFacts,
        state: JobState,
        epoch: Int64,
        failures: Int,
        interrupts: Int,
        runAt: Timestamp,
        deferredSince: Timestamp?,
        deadlineAt: Timestamp?,
        finishedAt: Timestamp?,
        expiresAt: Timestamp?,
        bodiesUntil: Timestamp? = nil,
        supersededBy: JobID?,
        errorClass: ErrorClass?,
        input: JobInput?,
        result: JobResult?
    ) {
        self.facts = facts
        self.state = state
        self.epoch = epoch
        self.failures = failures
        self.interrupts = interrupts
        self.runAt = runAt
        self.deferredSince = deferredSince
        self.deadlineAt = deadlineAt
        self.finishedAt = finishedAt
        self.expiresAt = expiresAt
        self.bodiesUntil = bodiesUntil
        self.supersededBy = supersededBy
        self.errorClass = errorClass
        self.input = input
        self.result = result
    }

    /// A job as it stands right after its submission.
    package init(queued job: NewJob) {
        self.init(
            job.facts,
            state: .queued,
            epoch: 0,
            failures: 0,
            interrupts: 0,
            runAt: job.runAt,
            deferredSince: nil,
            deadlineAt: job.deadlineAt,
            finishedAt: nil,
            expiresAt: nil,
            supersededBy: nil,
            errorClass: nil,
            input: job.input,
            result: nil
        )
    }

    /// Adds up what its attempts tell, oldest first.
    package mutating func add(_ attempt: AttemptRecord) {
        if attempt.outcome != .released { attempts += 1 }
        if attempt.outcome?.isPossiblyCharged == true { possiblyCharged = true }
        if attempt.epoch == result?.epoch { result?.usage = attempt.report?.entry?.usage }
        if let entry = attempt.report?.entry {
            if cost == nil { cost = JobCost(entry) } else { cost?.add(entry) }
        }
        lastAttempt = attempt
    }

    /// What its newest attempt was sent without, each by its name.
    package var dropped: [String] { lastAttempt?.report?.dropped ?? [] }

    /// When the row last changed, as far as it tells: its end, else its newest attempt's start or end, else its birth.
    ///
    /// Never before its birth, whatever the clock did in between.
    package var updatedAt: Timestamp {
        max(createdAt, finishedAt ?? lastAttempt.map { $0.report?.endedAt ?? $0.start.startedAt } ?? createdAt)
    }
}
