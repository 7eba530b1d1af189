package import SluiceTypes

/// Keeps nothing of calls, and says of everything that it is done.
package struct NoStore: CallStore {
    private let tell: @Sendable (CommitNews) -> Void

    /// What a store would tell of its commits is told here as well, but for what is counted and what is paid: of that nothing is kept.
    package init(_ tell: @escaping @Sendable (CommitNews) -> Void = { _ in }) {
        self.tell = tell
    }

    package func submitRunning(
        _ job: NewJob,
        start: AttemptStart,
        boot: BootID
    ) async throws(StoreError) -> RunningSubmission {
        tell(CommitNews(moves: [JobMove(job.id, JobKind(job.facts), from: nil, to: .running)]))
        return .started(Claim(ClaimedJob(started: job, start)))
    }

    package func succeed(_ claim: consuming Claim, _ success: Success) async -> Settlement {
        end(claim.spend(), as: .succeeded, .ok, success.report)
    }

    package func fail(_ claim: consuming Claim, _ failure: Failure) async -> Settlement {
        end(claim.spend(), as: .dead, failure.outcome, failure.report)
    }

    package func retryNow(_ claim: consuming Claim, after setback: Setback, start: AttemptStart) async -> Renewal {
        let job = claim.spend()
        tell(CommitNews(attempts: [job.ending(as: setback.outcome, setback.report)]))
        return .renewed(Claim(job.renewed(after: setback, start)))
    }

    package func release(_ claim: consuming Claim, at now: Timestamp) async -> Settlement {
        end(claim.spend(), as: .cancelled, .released, AttemptReport(endedAt: now))
    }

    package func `defer`(_ claim: consuming Claim, _ report: AttemptReport, until: Timestamp) async -> Settlement {
        end(claim.spend(), as: .dead, .deferred, report)
    }

    package func cancel(
        _ id: JobID,
        owner: OwnerID?,
        at now: Timestamp,
        audit: AuditEntry?
    ) async throws(StoreError) -> Cancellation {
        .cancelled(wasRunning: true)
    }

    private func end(
        _ job: ClaimedJob,
        as state: JobState,
        _ outcome: AttemptOutcome,
        _ report: AttemptReport
    ) -> Settlement {
        let errorClass = state == .dead ? report.errorClass ?? .unknown : nil
        let move = JobMove(job.id, JobKind(job.facts), from: .running, to: state, errorClass: errorClass)
        tell(CommitNews(moves: [move], attempts: [job.ending(as: outcome, report)]))
        return .settled(state, runAt: nil)
    }
}
