import SluiceStore
import SluiceTypes

extension MemoryState {
    /// A ``Settlement`` that can be copied out of the lock.
    enum Settled: Sendable {
        case settled(JobState, runAt: Timestamp?)
        case stale
    }

    /// A ``Renewal`` that can be copied out of the lock.
    enum Renewed: Sendable {
        case renewed(ClaimedJob)
        case exhausted
        case stale
    }

    /// What a claim is still worth.
    private enum Standing {
        /// The row carries its epoch: the transition may go on.
        case current(MemoryJob)
        /// This very settlement was carried out before; its answer was lost.
        case repeated(MemoryJob)
        case stale
    }

    /// Only one settlement writes a given outcome, so the outcome tells whether it was this one.
    private func standing(of claim: ClaimedJob, closing outcome: AttemptOutcome) -> Standing {
        guard let job = jobs[claim.id] else { return .stale }
        let attempt = job.attempt(claim.epoch)
        // A release that came after a cancellation was stale, and still is.
        let wasLate = outcome == .released && attempt?.report?.errorClass == .cancelled
        if attempt?.outcome == outcome { return wasLate ? .stale : .repeated(job) }
        let isMine = job.epoch == claim.epoch || fault == .ignoresEpoch
        return job.state == .running && isMine ? .current(job) : .stale
    }

    mutating func succeed(_ claim: ClaimedJob, _ success: Success) -> Settled {
        switch standing(of: claim, closing: .ok) {
        case .current(let job): put(succeeded(job, claim, success))
        case .repeated(let job): if fault == .overwritesResult { put(succeeded(job, claim, success)) }
        case .stale: return recordLate(claim, success.report, success.output)
        }
        return .settled(.succeeded, runAt: nil)
    }

    private func succeeded(_ job: MemoryJob, _ claim: ClaimedJob, _ success: Success) -> MemoryJob {
        var job = job
        job.close(claim.epoch, as: .ok, success.report, output: success.output)
        job.deferredSince = nil
        job.result = JobResult(
            epoch: fault == .stampsAnotherEpoch ? claim.epoch + 1 : claim.epoch,
            body: success.body,
            text: success.output.text,
            finish: success.finish,
            usage: success.report.usage,
            storedAt: success.report.endedAt
        )
        job.end(as: .succeeded, at: success.report.endedAt, keeping: retention, noted: notedTime)
        return job
    }

    mutating func fail(_ claim: ClaimedJob, _ failure: Failure) -> Settled {
        let retryAt = failure.spendsLastTry(of: claim) ? nil : failure.retryAt
        switch standing(of: claim, closing: failure.outcome) {
        case .current(var job):
            close(&job, claim, failure)
            if let retryAt { job.queue(at: retryAt) } else { bury(&job, failure) }
            put(job)
        case .repeated: break
        case .stale: return recordLate(claim, failure.report, failure.output)
        }
        return .settled(retryAt == nil ? .dead : .queued, runAt: retryAt)
    }

    mutating func retryNow(_ claim: ClaimedJob, _ failure: Failure, _ start: AttemptStart) -> Renewed {
        let isLast = failure.spendsLastTry(of: claim)
        switch standing(of: claim, closing: failure.outcome) {
        case .current(var job):
            close(&job, claim, failure)
            if isLast { bury(&job, failure) } else if let boot = job.boot { job.begin(start, boot: boot) }
            let next = job
            if fault == .forgetsAttempt, !isLast { job.forgetNewestAttempt() }
            put(job)
            return isLast ? .exhausted : .renewed(next.claimed(start))
        case .repeated(let job):
            if isLast { return .exhausted }
            // The claim on the next epoch was made but reached nobody, unless the job has moved on since.
            let next = job.attempt(claim.epoch + 1)
            let waits = job.state == .running && job.epoch == claim.epoch + 1 && next?.start == start
            return waits ? .renewed(job.claimed(start)) : .stale
        case .stale:
            _ = recordLate(claim, failure.report, failure.output)
            return .stale
        }
    }

    /// Back to the queue with nothing charged.
    mutating func giveBack(
        _ claim: ClaimedJob,
        as outcome: AttemptOutcome,
        _ report: AttemptReport,
        until moment: Timestamp
    ) -> Settled {
        switch standing(of: claim, closing: outcome) {
        case .current(var job):
            job.close(claim.epoch, as: outcome, report)
            if outcome == .deferred { job.deferredSince = job.deferredSince ?? report.endedAt }
            job.queue(at: moment)
            put(job)
        case .repeated: break
        case .stale:
            if outcome == .released { noteNothingSent(claim, report) }
            return .stale
        }
        return .settled(.queued, runAt: moment)
    }

    /// Nothing had been sent when the job was cancelled: then nothing can have been charged.
    private mutating func noteNothingSent(_ claim: ClaimedJob, _ report: AttemptReport) {
        guard var job = jobs[claim.id], job.attempt(claim.epoch)?.outcome == .cancelled else { return }
        job.close(claim.epoch, as: .released, AttemptReport(endedAt: report.endedAt, errorClass: .cancelled))
        put(job)
    }

    private func close(_ job: inout MemoryJob, _ claim: ClaimedJob, _ failure: Failure) {
        job.close(claim.epoch, as: failure.outcome, failure.report, output: failure.output)
        if failure.endsPatience { job.deferredSince = nil }
        if failure.counts, fault != .countsNothing { job.failures += 1 }
    }

    private func bury(_ job: inout MemoryJob, _ failure: Failure) {
        job.errorClass = failure.report.errorClass ?? .unknown
        job.end(as: .dead, at: failure.report.endedAt, keeping: retention, noted: notedTime)
    }

    /// What a worker brings to a job that has moved on goes to its attempt.
    private mutating func recordLate(_ claim: ClaimedJob, _ report: AttemptReport, _ output: AttemptOutput?) -> Settled
    {
        guard var job = jobs[claim.id], fault != .dropsLateAnswers else { return .stale }
        switch job.attempt(claim.epoch)?.outcome {
        case .cancelled: job.close(claim.epoch, as: .cancelled, report, output: output)
        case .interrupted, .late: job.close(claim.epoch, as: .late, report, output: output)
        // Settled otherwise before: what is written stays.
        case nil, .ok, .failed, .unknown, .released, .deferred: return .stale
        }
        put(job)
        return .stale
    }
}

extension Failure {
    fileprivate var outcome: AttemptOutcome { outcomeIsUnknown ? .unknown : .failed }

    /// Only the claim's holder moves the counter, so the claim's own number is the row's.
    fileprivate func spendsLastTry(of claim: ClaimedJob) -> Bool {
        counts && claim.failures + 1 >= JobLimits.failures
    }
}
