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
    /// Since when providers have asked for patience without a break; nil when the last attempt was not deferred.
    package let deferredSince: Timestamp?
    package let deadlineAt: Timestamp?
    package let input: JobInput
    package let start: AttemptStart
    /// What the attempts before this one tell.
    package let history: JobHistory

    package init(
        _ facts: JobFacts,
        epoch: Int64,
        failures: Int,
        interrupts: Int,
        deferredSince: Timestamp?,
        deadlineAt: Timestamp?,
        input: JobInput,
        start: AttemptStart,
        history: JobHistory
    ) {
        self.facts = facts
        self.epoch = epoch
        self.failures = failures
        self.interrupts = interrupts
        self.deferredSince = deferredSince
        self.deadlineAt = deadlineAt
        self.input = input
        self.start = start
        self.history = history
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
            deferredSince: nil,
            deadlineAt: job.deadlineAt,
            input: job.input,
            start: start,
            history: JobHistory()
        )
    }

    /// Which try this is, from 1: attempts that were only released are left out.
    package var attempt: Int { history.tries + 1 }

    /// The provider rows on which this job has failed.
    package var failedRows: Set<String> { history.failedRows }

    /// The job at its next epoch, which `start` begins after `setback`.
    package func renewed(after setback: Setback, _ start: AttemptStart) -> ClaimedJob {
        var history = history
        let report = setback.report
        history.note(setback.outcome, on: self.start.row, report.errorClass, at: report.endedAt, since: deferredSince)
        return ClaimedJob(
            facts,
            epoch: epoch + 1,
            failures: failures,
            interrupts: interrupts,
            deferredSince: deferredSince,
            deadlineAt: deadlineAt,
            input: input,
            start: start,
            history: history
        )
    }
}
