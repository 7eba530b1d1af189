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

    /// Looks whether the fence lets `claim` through, and gives what a late one brings to its attempt.
    private mutating func standing(
        of claim: ClaimedJob,
        closing outcome: AttemptOutcome,
        late: (report: AttemptReport, output: AttemptOutput?)
    ) -> Standing {
        guard var job = jobs[claim.id], let attempt = job.attempt(claim.epoch) else {
            // The job was purged meanwhile; what its attempt used is told all the same.
            if jobs[claim.id] == nil, var entry = late.report.entry {
                entry = entry.withoutWords()
                post(entry, of: claim.id, epoch: claim.epoch, LedgerKey(claim, secret: MemoryStore.secret))
            }
            return .stale
        }
        let isMine = job.epoch == claim.epoch || fault == .ignoresEpoch
        if job.state == .running, isMine, attempt.outcome == nil || fault == .ignoresEpoch { return .current(job) }
        let decision = LateSettlement.decide(
            closing: outcome,
            stored: attempt.outcome,
            storedClass: attempt.report?.errorClass
        )
        switch decision {
        case .repeated: return .repeated(job)
        case .ignored: return .stale
        case .record where fault == .dropsLateAnswers: return .stale
        case .record(let outcome):
            var report = late.report
            if !job.hasBodies { report.entry = report.entry?.withoutWords() }
            close(&job, claim.epoch, as: outcome, report, output: late.output)
        case .nothingSent:
            let report = AttemptReport(endedAt: late.report.endedAt, errorClass: .cancelled, entry: .free)
            close(&job, claim.epoch, as: .released, report)
        }
        put(job)
        return .stale
    }

    mutating func succeed(_ claim: ClaimedJob, _ success: Success) -> Settled {
        switch standing(of: claim, closing: .ok, late: (success.report, success.output)) {
        case .current(let job): put(succeeded(job, claim, success))
        case .repeated(let job): if fault == .overwritesResult { put(succeeded(job, claim, success)) }
        case .stale: return .stale
        }
        return .settled(.succeeded, runAt: nil)
    }

    private mutating func succeeded(_ job: MemoryJob, _ claim: ClaimedJob, _ success: Success) -> MemoryJob {
        var job = job
        close(&job, claim.epoch, as: .ok, success.report, finish: success.finish, output: success.output)
        job.deferredSince = nil
        job.result = JobResult(
            epoch: fault == .stampsAnotherEpoch ? claim.epoch + 1 : claim.epoch,
            body: success.body,
            text: success.output.text,
            finish: success.finish,
            usage: success.report.entry?.usage,
            storedAt: success.report.endedAt
        )
        job.end(as: .succeeded, at: success.report.endedAt, expiry)
        return job
    }

    mutating func fail(_ claim: ClaimedJob, _ failure: Failure) -> Settled {
        let end = failure.end(of: claim)
        switch standing(of: claim, closing: failure.outcome, late: (failure.report, failure.output)) {
        case .current(var job):
            close(&job, claim, failure)
            switch end {
            case .queued(let moment): job.queue(at: moment)
            case .dead(let cause): bury(&job, as: cause, at: failure.report.endedAt)
            }
            put(job)
        case .repeated: break
        case .stale: return .stale
        }
        switch end {
        case .queued(let moment): return .settled(.queued, runAt: moment)
        case .dead: return .settled(.dead, runAt: nil)
        }
    }

    mutating func retryNow(_ claim: ClaimedJob, _ setback: Setback, _ start: AttemptStart) -> Renewed {
        switch standing(of: claim, closing: setback.outcome, late: (setback.report, setback.output)) {
        case .current(var job):
            close(&job, claim.epoch, as: setback.outcome, setback.report, output: setback.output)
            if let boot = job.boot { job.begin(start, boot: boot) }
            let next = job
            if fault == .forgetsAttempt { job.forgetNewestAttempt() }
            put(job)
            return .renewed(next.claimed(start))
        case .repeated(let job):
            // The claim on the next epoch was made but reached nobody, unless the job has moved on since.
            let next = job.attempt(claim.epoch + 1)
            let waits = job.state == .running && job.epoch == claim.epoch + 1 && next?.start == start
            return waits ? .renewed(job.claimed(start)) : .stale
        case .stale: return .stale
        }
    }

    /// Back to the queue with nothing charged.
    mutating func giveBack(
        _ claim: ClaimedJob,
        as outcome: AttemptOutcome,
        _ report: AttemptReport,
        until moment: Timestamp
    ) -> Settled {
        switch standing(of: claim, closing: outcome, late: (report, nil)) {
        case .current(var job):
            close(&job, claim.epoch, as: outcome, report)
            if outcome == .deferred { job.deferredSince = job.deferredSince ?? report.endedAt }
            job.queue(at: moment)
            put(job)
        case .repeated: break
        case .stale: return .stale
        }
        return .settled(.queued, runAt: moment)
    }

    private mutating func close(_ job: inout MemoryJob, _ claim: ClaimedJob, _ failure: Failure) {
        close(&job, claim.epoch, as: failure.outcome, failure.report, output: failure.output)
        job.deferredSince = failure.deferredSince(after: job.deferredSince)
        if failure.counts, fault != .countsNothing { job.failures += 1 }
    }

    private func bury(_ job: inout MemoryJob, as cause: ErrorClass, at moment: Timestamp) {
        job.errorClass = cause
        job.deferredSince = nil
        job.end(as: .dead, at: moment, expiry)
    }
}
