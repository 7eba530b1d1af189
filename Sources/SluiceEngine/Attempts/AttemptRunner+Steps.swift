import SluiceProvider
import SluiceStore
import SluiceTypes

/// What follows after an attempt.
enum Step {
    case settle(Settling)
    case moveOn(Failure, Permit)
}

extension AttemptRunner {
    /// What a job from the queue does after an attempt.
    func step(
        after result: AttemptResult,
        of job: ClaimedJob,
        on permit: Permit,
        _ used: Set<PermitName>
    ) -> Step {
        let report = result.report
        let failed = { (counts: Bool, unknown: Bool, retryAt: Timestamp?) in
            result.failure(counts: counts, unknown: unknown, retryAt: retryAt)
        }
        switch Verdict.decide(result, onUnknown: job.onUnknown) {
        case .succeed(let finish):
            switchboard.noteAnswer(permit, to: job.owner)
            return .settle(.succeed(result.success(finish)))
        case .retry(let unknown):
            let rest = switchboard.noteFailure(permit, of: job)
            // What fails for everybody is no fault of the job. What may have been paid counts all the same.
            if !unknown, rest != nil, Promise.deferredWhileResting.holds {
                return .settle(waitOrDie(job, for: .zero, report, failed(false, false, nil)))
            }
            return .settle(.fail(failed(true, unknown, soon())))
        case .unreached:
            let rest = switchboard.noteFailure(permit, of: job)
            guard Promise.unsentNeverCounts.holds else { return .settle(.fail(failed(true, false, soon()))) }
            if case .taken(let next) = switchboard.exchange(permit, after: used, for: job) {
                return .moveOn(failed(false, false, time.now()), next)
            }
            // While the row rests its group is held; before that nobody else paces this job.
            let pause = rest == nil ? pause(before: job) : .zero
            return .settle(waitOrDie(job, for: pause, report, failed(false, false, nil)))
        case .die(let counts, let unknown):
            if unknown, !result.isAboutRequest { _ = switchboard.noteFailure(permit, of: job) }
            return .settle(.fail(failed(counts, unknown, nil)))
        case .wait:
            let pause = switchboard.noteRateLimit(permit, pause: result.retryAfter)
            return .settle(waitOrDie(job, for: pause, report, failed(false, false, nil)))
        case .refuseCredential:
            let isNews = switchboard.noteRefusal(permit, reason: refusal(report))
            let step = elsewhere(job, from: permit, used) { failed(false, false, $0) }
            // The job that brought the news is dead; those that were on their way, and probes, wait for a remedy.
            return step
                ?? .settle(
                    isNews
                        ? .fail(failed(false, false, nil))
                        : waitOrDie(job, for: .zero, report, failed(false, false, nil))
                )
        case .tryNext:
            let step = elsewhere(job, from: permit, used) { failed(false, false, $0) }
            return step ?? .settle(.fail(failed(false, false, nil)))
        case .release:
            return .settle(.release)
        case .interrupt:
            var failure = failed(false, true, job.onUnknown == .retry ? time.now() : nil)
            if running.isCancelled(job.id) {
                failure.report.errorClass = .cancelled
                failure.report.message = "the job was cancelled"
            }
            return .settle(.fail(failure))
        }
    }

    /// What becomes of a job that its row can't serve: now, or later, on another; nil where there is none.
    ///
    /// `failed` makes the failure that counts nothing, with the moment of the next try; nil for a job that is dead.
    private func elsewhere(
        _ job: ClaimedJob,
        from permit: Permit,
        _ used: Set<PermitName>,
        _ failed: (Timestamp?) -> Failure
    ) -> Step? {
        switch switchboard.exchange(permit, after: used, for: job) {
        case .taken(let next): .moveOn(failed(time.now()), next)
        case .busy: .settle(.fail(failed(isPutOffTooLong(job) ? nil : later(job))))
        case .closed(let pause): .settle(.fail(failed(isPutOffTooLong(job) ? nil : time.now().adding(pause))))
        case .none: nil
        }
    }

    /// Waiting is limited by time alone: a job without a deadline of its own is dead when it has been put off for as long
    /// as the engine's patience lasts.
    private func isPutOffTooLong(_ job: ClaimedJob) -> Bool {
        Patience.isOver(
            deferredSince: job.deferredSince,
            deadlineAt: job.deadlineAt,
            at: clock.forDeadlines(),
            after: settings.patience
        )
    }

    private func waitOrDie(
        _ job: ClaimedJob,
        for pause: Duration,
        _ report: AttemptReport,
        _ death: Failure
    ) -> Settling {
        isPutOffTooLong(job) ? .fail(death) : .wait(report, until: time.now().adding(pause))
    }

    private func soon() -> Timestamp {
        time.now().adding(Backoff.pause(atMost: settings.backoff))
    }

    /// The pause of a job that waits for a row that is full: longer each time, since it has to ask the row that refuses
    /// it again to find out.
    private func later(_ job: ClaimedJob) -> Timestamp {
        time.now().adding(pause(before: job))
    }

    /// A pause that is longer with each attempt that the job has had.
    private func pause(before job: ClaimedJob) -> Duration {
        Backoff.pause(atMost: Backoff.doubled(settings.backoff, times: job.attempt - 1))
    }

    func refusal(_ report: AttemptReport) -> String {
        report.httpStatus.map { "HTTP \($0)" } ?? report.errorClass?.rawValue ?? "refused"
    }
}
