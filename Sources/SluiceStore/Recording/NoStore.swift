package import SluiceTypes

/// Keeps nothing of calls, and says of everything that it is done.
package struct NoStore: CallStore {
    private let tell: @Sendable (CommitNews) -> Void
    private let wantsSpans: Bool

    /// What a store would tell of its commits is told here as well, but for what is counted and what is paid: of that nothing is kept.
    package init(wantsSpans: Bool = false, _ tell: @escaping @Sendable (CommitNews) -> Void = { _ in }) {
        self.tell = tell
        self.wantsSpans = wantsSpans
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
        end(claim.spend(), as: .succeeded, .ok, success.report, finish: success.finish)
    }

    package func fail(_ claim: consuming Claim, _ failure: Failure) async -> Settlement {
        end(claim.spend(), as: .dead, failure.outcome, failure.report)
    }

    package func retryNow(_ claim: consuming Claim, after setback: Setback, start: AttemptStart) async -> Renewal {
        let job = claim.spend()
        let ending = job.ending(as: setback.outcome, setback.report)
        let spans = wantsSpans ? [EndedSpan.attempt(ending, of: TracedJob(job), finish: nil)] : []
        tell(CommitNews(attempts: [ending], spans: spans))
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
        _ report: AttemptReport,
        finish: String? = nil
    ) -> Settlement {
        let errorClass = state == .dead ? report.errorClass ?? .unknown : nil
        let move = JobMove(job.id, JobKind(job.facts), from: .running, to: state, errorClass: errorClass)
        let ending = job.ending(as: outcome, report)
        var news = CommitNews(moves: [move], attempts: [ending])
        if wantsSpans {
            let traced = TracedJob(job)
            news.spans = [
                .attempt(ending, of: traced, finish: finish),
                .job(traced, state, errorClass, at: report.endedAt, former: nil),
            ]
        }
        tell(news)
        return .settled(state, runAt: nil)
    }
}
