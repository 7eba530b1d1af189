package import SluiceTypes

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
