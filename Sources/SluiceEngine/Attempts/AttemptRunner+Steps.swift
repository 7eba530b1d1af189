import SluiceProvider
import SluiceStore
import SluiceTypes

/// What becomes of a job that its row could not serve.
private struct Detour {
    /// Whether it is one of the failures that a job may have.
    var counts: Bool
    var isUnknown = false
    /// Whether another row is asked within the claim.
    var asksNext: Bool
    /// Whether it is worth a wait in the queue that another row which is full, or closed, could serve it.
    var waitsForNext = false
    /// What there is for a job that may be claimed again.
    var otherwise: Otherwise

    enum Otherwise {
        case die
        /// Another try, after a pause that is drawn.
        case again
        /// A try that counts like none, after so long a pause at least.
        case wait(Duration)
    }
}

extension AttemptRunner {
    /// What a job does after an attempt: the end, another row at once, or the queue again.
    ///
    /// A call goes nowhere once something has reached its caller, and never into the queue.
    func step(
        after result: AttemptResult,
        of job: ClaimedJob,
        on permit: Permit,
        as run: JobRun,
        _ used: Set<PermitName>
    ) -> Step {
        let mayComeBack = run.policy.claims == .many
        let detour: Detour
        // A call is never sent again where nobody can tell what became of it.
        switch Verdict.decide(result, onUnknown: mayComeBack ? job.onUnknown : .deadLetter) {
        case .succeed(let finish):
            switchboard.noteAnswer(permit, to: job.owner)
            return .settle(.succeed(result.success(finish)))
        case .die(let counts, let isUnknown):
            if isUnknown, !result.isAboutRequest { _ = switchboard.noteFailure(permit, of: job) }
            return .settle(.fail(result.failure(counts: counts, unknown: isUnknown, retryAt: nil)))
        case .release:
            // Nobody waits any more for a call when it would be claimed again; one that was cancelled is settled already.
            if mayComeBack || run.isCancelled { return .settle(.release) }
            return .settle(.fail(result.failure(counts: false, unknown: false, retryAt: nil)))
        case .interrupt:
            let retryAt = mayComeBack && job.onUnknown == .retry ? time.now() : nil
            var failure = result.failure(counts: false, unknown: true, retryAt: retryAt)
            if mayComeBack, run.isCancelled {
                failure.report.errorClass = .cancelled
                failure.report.message = "the job was cancelled"
            }
            return .settle(.fail(failure))
        case .retry(let isUnknown): detour = failed(job, on: permit, isUnknown, mayComeBack)
        case .unreached: detour = unreached(job, on: permit)
        case .wait:
            let pause = switchboard.noteRateLimit(permit, pause: result.retryAfter)
            detour = Detour(counts: false, asksNext: !mayComeBack, otherwise: .wait(pause))
        case .refuseCredential:
            let isNews = switchboard.noteRefusal(permit, reason: result.report.refusal)
            // The job that brought the news is dead; those that were on their way, and probes, wait for a remedy.
            let otherwise = isNews ? Detour.Otherwise.die : .wait(.zero)
            detour = Detour(counts: false, asksNext: true, waitsForNext: true, otherwise: otherwise)
        case .tryNext: detour = Detour(counts: false, asksNext: true, waitsForNext: true, otherwise: .die)
        }
        return take(detour, result, of: job, from: permit, mayComeBack, used)
    }

    /// The provider failed.
    private func failed(_ job: ClaimedJob, on permit: Permit, _ isUnknown: Bool, _ mayComeBack: Bool) -> Detour {
        let rest = switchboard.noteFailure(permit, of: job)
        // What fails for everybody is no fault of the job. What may have been paid counts all the same.
        if mayComeBack, !isUnknown, rest != nil, Promise.deferredWhileResting.holds {
            return Detour(counts: false, asksNext: false, otherwise: .wait(.zero))
        }
        return Detour(counts: true, isUnknown: isUnknown, asksNext: !mayComeBack, otherwise: .again)
    }

    /// The provider saw nothing of it.
    private func unreached(_ job: ClaimedJob, on permit: Permit) -> Detour {
        let rest = switchboard.noteFailure(permit, of: job)
        guard Promise.unsentNeverCounts.holds else { return Detour(counts: true, asksNext: false, otherwise: .again) }
        // While the row rests its group is held; before that nobody else paces this job.
        return Detour(counts: false, asksNext: true, otherwise: .wait(rest == nil ? pause(before: job) : .zero))
    }

    private func take(
        _ detour: Detour,
        _ result: AttemptResult,
        of job: ClaimedJob,
        from permit: Permit,
        _ mayComeBack: Bool,
        _ used: Set<PermitName>
    ) -> Step {
        let failure = { (retryAt: Timestamp?) in
            result.failure(counts: detour.counts, unknown: detour.isUnknown, retryAt: retryAt)
        }
        let isBegun = !mayComeBack && result.hasChunks && Promise.oneRowOnceBegun.holds
        if detour.asksNext, !isBegun {
            switch switchboard.exchange(permit, after: used, for: job) {
            case .taken(let next): return .moveOn(failure(time.now()), next)
            case .busy where mayComeBack && detour.waitsForNext:
                return .settle(.fail(failure(unlessTooLong(job, later(job)))))
            case .closed(let pause) where mayComeBack && detour.waitsForNext:
                return .settle(.fail(failure(unlessTooLong(job, time.now().adding(pause)))))
            case .busy, .closed, .none: break
            }
        }
        guard mayComeBack else { return .settle(.fail(failure(nil))) }
        switch detour.otherwise {
        case .die: return .settle(.fail(failure(nil)))
        case .again: return .settle(.fail(failure(soon())))
        case .wait(let pause):
            let until = unlessTooLong(job, time.now().adding(pause))
            return .settle(until.map { .wait(result.report, until: $0) } ?? .fail(failure(nil)))
        }
    }

    /// Waiting is limited by time alone: a job without a deadline of its own is dead when it has been put off for as long
    /// as the engine's patience lasts.
    ///
    /// Nil for such a one.
    private func unlessTooLong(_ job: ClaimedJob, _ moment: Timestamp) -> Timestamp? {
        let isOver = Patience.isOver(
            deferredSince: job.deferredSince,
            deadlineAt: job.deadlineAt,
            at: clock.forDeadlines(),
            after: settings.patience
        )
        return isOver ? nil : moment
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
}

extension AttemptReport {
    /// What the provider said no with, in a word.
    fileprivate var refusal: String {
        httpStatus.map { "HTTP \($0)" } ?? errorClass?.rawValue ?? "refused"
    }
}
