package import SluiceTypes

/// The right, and the duty, to settle one attempt of one job.
///
/// A claim can't be copied, and each transition that ends an attempt consumes it, so settling twice does not compile.
/// One that is dropped without an outcome would leave its job running for ever: debug builds stop there.
package struct Claim: ~Copyable, Sendable {
    /// What was claimed.
    package let job: ClaimedJob
    private var spent = false

    /// Only stores make claims, from a row they have just marked as running.
    package init(_ job: ClaimedJob) {
        self.job = job
    }

    /// Ends the duty.
    ///
    /// Only stores call it, with the transition in hand.
    package consuming func spend() -> ClaimedJob {
        spent = true
        return job
    }

    /// Ends the duty without an outcome: the job stays running and is rescued at the next start.
    ///
    /// Only for a process that can write no more.
    package consuming func abandon() {
        spent = true
    }

    deinit {
        assert(spent, "the claim on job \(job.id), epoch \(job.epoch), was dropped without an outcome")
    }
}

/// A job as its worker sees it: everything an attempt needs, read in the transaction that claimed it.
///
/// It is handed from function to function while its attempt runs: a reference, so that it is not copied into the frame of each.
package final class ClaimedJob: JobShape, Sendable {
    package let facts: JobFacts
    /// The fence: a settlement counts only while the row still carries this number.
    package let epoch: Int64
    /// Failures that counted so far, fewer than ``JobTerms/tries``.
    package let failures: Int
    /// Crashes of the gateway while the job ran.
    package let interrupts: Int
    /// Which try this is, from 1: attempts that were only released are left out.
    package let attempt: Int
    /// Since when providers have asked for patience without a break; nil when the last attempt was not deferred.
    package let deferredSince: Timestamp?
    package let deadlineAt: Timestamp?
    package let input: JobInput
    package let start: AttemptStart
    /// The provider rows on which this job has failed, in no order.
    package let failedRows: Set<String>

    package init(
        _ facts: JobFacts,
        epoch: Int64,
        failures: Int,
        interrupts: Int,
        attempt: Int,
        deferredSince: Timestamp?,
        deadlineAt: Timestamp?,
        input: JobInput,
        start: AttemptStart,
        failedRows: Set<String>
    ) {
        self.facts = facts
        self.epoch = epoch
        self.failures = failures
        self.interrupts = interrupts
        self.attempt = attempt
        self.deferredSince = deferredSince
        self.deadlineAt = deadlineAt
        self.input = input
        self.start = start
        self.failedRows = failedRows
    }
}

extension ClaimedJob {
    /// A job as it is stored by ``CallStore/submitRunning(_:start:boot:)``.
    package convenience init(started job: NewJob, _ start: AttemptStart) {
        self.init(
            job.facts,
            epoch: 1,
            failures: 0,
            interrupts: 0,
            attempt: 1,
            deferredSince: nil,
            deadlineAt: job.deadlineAt,
            input: job.input,
            start: start,
            failedRows: []
        )
    }

    /// The job at its next epoch, which `start` begins after `failure`.
    package func renewed(after failure: Failure, _ start: AttemptStart) -> ClaimedJob {
        ClaimedJob(
            facts,
            epoch: epoch + 1,
            failures: failures + failure.step,
            interrupts: interrupts,
            attempt: attempt + 1,
            deferredSince: failure.deferredSince(after: deferredSince, isRequeued: false),
            deadlineAt: deadlineAt,
            input: input,
            start: start,
            failedRows: failedRows.union([self.start.row])
        )
    }
}

/// Claims handed over one by one: arrays can't hold values that must not be copied.
package struct ClaimBatch: ~Copyable, Sendable {
    private var jobs: [ClaimedJob]
    /// When the group's next job is due, what was claimed left out; nil when the group holds nothing more.
    ///
    /// A moment that is past tells that some job is due already, not which one has been for the longest.
    package let nextRunAt: Timestamp?
    /// Due jobs that were past their deadline, or could not be read, and are dead now.
    package let expired: [JobID]

    /// Takes jobs that were marked as running in one transaction.
    package init(_ jobs: [ClaimedJob], nextRunAt: Timestamp?, expired: [JobID] = []) {
        self.jobs = jobs.reversed()
        self.nextRunAt = nextRunAt
        self.expired = expired
    }

    /// How many claims are left.
    package var count: Int { jobs.count }

    /// The next claim, in the order in which the jobs were due; nil when all have been handed over.
    package mutating func next() -> Claim? {
        jobs.popLast().map { Claim($0) }
    }

    deinit {
        assert(jobs.isEmpty, "\(jobs.count) claims were dropped with their batch")
    }
}

/// What became of a settlement.
package enum Settlement: ~Copyable, Sendable {
    /// The transition is committed; the job is now in `state`, due again at `runAt` if it is queued.
    case settled(JobState, runAt: Timestamp?)
    /// The job had moved on. The facts were recorded on the attempt, as `late` or `cancelled`, and the job left alone.
    case stale
    /// Not committed, or not known to be: the claim comes back, and the same settlement may be tried again.
    case unsettled(Claim, StoreError)
}

/// What became of a step to another provider row within one call.
package enum Renewal: ~Copyable, Sendable {
    /// The old attempt is closed, the next epoch is open and claimed.
    case renewed(Claim)
    /// The failure spent the job's last try: it is dead.
    case exhausted
    /// The job had moved on; see ``Settlement/stale``.
    case stale
    /// Not committed, or not known to be; see ``Settlement/unsettled(_:_:)``.
    case unsettled(Claim, StoreError)
}
