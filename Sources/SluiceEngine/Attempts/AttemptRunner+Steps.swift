import Logging
import SluiceProvider
import SluiceStore
import SluiceTypes

extension AttemptRunner {
    /// What a job does after an attempt: the end, another member at once, or the queue again.
    ///
    /// A call goes nowhere once something has reached its caller, and never into the queue.
    func step(
        after result: AttemptResult,
        of job: ClaimedJob,
        on permit: Permit,
        as run: JobRun,
        _ tally: inout ClaimTally
    ) -> Step {
        let mayComeBack = run.policy.claims == .many
        if result.wasSent, !result.isFinished { switchboard.noteConnected(permit) }
        if !result.allowances.isEmpty { switchboard.note(result.allowances, of: permit) }
        var setback = Setback(report: result.report, output: result.output)
        if let amendment = amendment(after: result, of: job, on: permit, mayComeBack: mayComeBack, tally) {
            return .again(setback, amendment)
        }
        if tally.told == nil, result.isAboutRequest { tally.told = result }
        switch Verdict.decide(result) {
        case .succeed(let finish):
            noteSpoken(result.rendition, on: permit, in: run.policy.session)
            // The beginning of a stream's text was told before.
            switchboard.noteAnswer(permit, of: job, isNews: !job.stream || result.reply.text.isEmpty)
            return .settle(.succeed(result.success(finish)))
        case .die: return .settle(.fail(result.failure(counts: false, unknown: false, retryAt: nil)))
        case .lose:
            guard !Promise.unknownGoesNowhere.holds else {
                return .settle(.fail(lost(result, job, permit, mayComeBack)))
            }
            tally.counts = true
        case .release:
            // Nobody waits any more for a call when it would be claimed again; one that was cancelled is settled already.
            if mayComeBack || run.isCancelled { return .settle(.release) }
            return .settle(.fail(result.failure(counts: false, unknown: false, retryAt: nil)))
        case .interrupt: return .settle(.fail(interrupted(result, job, run, mayComeBack)))
        case .fail:
            let isResting =
                !result.isClientError && switchboard.noteFailure(permit, of: job, isOverload: result.isOverload)
            tally.mayWait = true
            tally.needsPause = true
            // What fails for everybody is no fault of the job.
            if !isResting || !Promise.deferredWhileResting.holds { tally.counts = true }
        case .unreached:
            switchboard.noteUnreachable(permit)
            tally.mayWait = true
            tally.needsPause = true
            if !Promise.unsentNeverCounts.holds { tally.counts = true }
        case .starve:
            tally.mayWait = true
            tally.needsPause = true
        case .leaveRow(let reason):
            switchboard.noteUnusable(permit, reason)
            tally.mayWait = true
        case .wait:
            setback.isDeferral = true
            switch switchboard.noteLimit(permit, of: job, wish: result.retryAfter) {
            case .window:
                tally.mayWait = true
                tally.limited.insert(permit.name)
            case .own:
                setback.isDeferral = false
                tally.hasOwnLimit = true
            }
        case .refuse(let reason):
            switchboard.noteRefusal(permit, reason)
            tally.mayWait = true
        case .doubt:
            // While the account is suspected the job waits with the others; else what was said is said of it.
            if switchboard.noteDoubt(permit, of: job) { tally.mayWait = true }
        case .tryNext: break
        case .misconfigured: noteMisplaced(permit, result)
        case .tryNextModel: tally.tooSmall.insert(permit.choice.model)
        }
        return moveOn(setback, result, of: job, from: permit, run, tally)
    }

    /// How the member that was asked may take the request all the same; nil for a refusal that is final.
    private func amendment(
        after result: AttemptResult,
        of job: ClaimedJob,
        on permit: Permit,
        mayComeBack: Bool,
        _ tally: ClaimTally
    ) -> Amendment? {
        guard case .failed = result.end, result.wasSent, mayComeBack || !result.isBegun, let refusal = result.refusal,
            let amendment = permit.row.adapter.amendment(for: refusal), !tally.amendments.contains(amendment)
        else { return nil }
        switch amendment {
        case .threadTold:
            guard result.rendition.isPassedOn else { return nil }
            phrasing.noteForgetful(permit)
            return amendment
        case .withoutReasoning:
            return phrasing.helps(job, on: permit, after: result.rendition) ? amendment : nil
        }
    }

    /// Remembers with whom a session spoke.
    private func noteSpoken(_ rendition: Rendition, on permit: Permit, in session: UInt64?) {
        guard let session, let entries = rendition.entries else { return }
        phrasing.noteSpoken(on: permit, entries: entries, without: rendition.foreign ?? .first(0), in: session)
    }

    /// Tells whoever runs the gateway, once an hour, where something else than the provider answers.
    private func noteMisplaced(_ permit: Permit, _ result: AttemptResult) {
        let url = result.misplacedURL ?? permit.row.endpoint?.baseURL ?? ""
        guard switchboard.noteMisplaced(permit, url, status: result.httpStatus) else { return }
        logger.warning(
            "something answers that is not the provider's API; look at the row's baseURL",
            metadata: [
                "row": "\(permit.row.name)", "url": "\(url)",
                "status": "\(result.httpStatus.map { String($0) } ?? "none")",
            ]
        )
    }

    /// Asks the next member; where there is none, ends the claim.
    private func moveOn(
        _ setback: Setback,
        _ result: AttemptResult,
        of job: ClaimedJob,
        from permit: Permit,
        _ run: JobRun,
        _ tally: ClaimTally
    ) -> Step {
        let mayComeBack = run.policy.claims == .many
        let isBegun = !mayComeBack && result.isBegun && Promise.oneRowOnceBegun.holds
        let next =
            isBegun ? NextPermit.none : switchboard.exchange(permit, after: tally, for: job, run.policy.session)
        if case .taken(let next) = next {
            if takesHold(for: job, on: next, as: run) { return .moveOn(setback, next) }
            return .stop(dearer(result, of: job, mayComeBack: mayComeBack, tally), next)
        }
        guard mayComeBack else {
            let end = Settling.fail(result.failure(counts: tally.counts, unknown: false, retryAt: nil))
            return isBegun ? .settle(end) : .waitForWindow(setback, otherwise: end)
        }
        return .settle(end(result, of: job, tally, next))
    }

    /// How a claim ends whose next row would cost more than may be spent.
    private func dearer(
        _ result: AttemptResult,
        of job: ClaimedJob,
        mayComeBack: Bool,
        _ tally: ClaimTally
    ) -> Settling {
        guard mayComeBack else {
            return .fail(result.failure(counts: tally.counts, unknown: false, retryAt: nil))
        }
        return end(result, of: job, tally, .busy)
    }

    /// How a claim of a job from the queue ends that nobody has answered.
    private func end(_ result: AttemptResult, of job: ClaimedJob, _ tally: ClaimTally, _ next: NextPermit) -> Settling {
        let failure = { (counts: Bool, retryAt: Timestamp?) in
            Settling.fail(result.failure(counts: counts, unknown: false, retryAt: retryAt))
        }
        if tally.counts { return failure(true, time.now().adding(pause(before: job))) }
        if tally.hasOwnLimit {
            guard job.history.ownLimits + 1 < AttemptRunner.ownLimits else { return failure(false, nil) }
            let pause = Backoff.doubled(.seconds(5), times: job.history.ownLimits, atMost: Backoff.longest)
            return failure(false, unlessTooLong(job, time.now().adding(Backoff.pause(atMost: pause))))
        }
        if tally.mayWait {
            let pause = tally.needsPause ? pause(before: job) : pauseUnlessHeld(job)
            let until = unlessTooLong(job, time.now().adding(pause))
            return until.map { .wait(result.report, until: $0) } ?? failure(false, nil)
        }
        switch next {
        // Somebody else could serve it later, and those that are ready would turn it away again.
        case .busy: return failure(false, unlessTooLong(job, time.now().adding(pause(before: job))))
        case .closed(let opensIn):
            return failure(false, unlessTooLong(job, time.now().adding(opensIn ?? pause(before: job))))
        case .taken, .none: return failure(false, nil)
        }
    }

    /// Nobody can tell what became of it: it may have been paid, and counts all the same.
    private func lost(
        _ result: AttemptResult,
        _ job: ClaimedJob,
        _ permit: Permit,
        _ mayComeBack: Bool
    ) -> Failure {
        // What this very request caused it would cause again, and be paid for again.
        guard !result.isAboutRequest else { return result.failure(counts: true, unknown: true, retryAt: nil) }
        _ = switchboard.noteFailure(permit, of: job, isOverload: result.isOverload)
        // Those of an earlier life of the job count no more, and each is one of its failures.
        let before = min(job.history.unknowns, job.failures)
        let mayRepeat =
            switch job.onUnknown {
            case .once: before == 0
            case .retry: true
            case .deadLetter: false
            }
        let retryAt = mayComeBack && mayRepeat ? time.now().adding(pause(before: job)) : nil
        return result.failure(counts: true, unknown: true, retryAt: retryAt)
    }

    /// The gateway called it off when it had been sent.
    private func interrupted(
        _ result: AttemptResult,
        _ job: ClaimedJob,
        _ run: JobRun,
        _ mayComeBack: Bool
    ) -> Failure {
        let retryAt = mayComeBack && job.onUnknown != .deadLetter ? time.now() : nil
        var failure = result.failure(counts: false, unknown: true, retryAt: retryAt)
        if mayComeBack, run.isCancelled {
            failure.report.errorClass = .cancelled
            failure.report.message = "the job was cancelled"
        }
        return failure
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

    /// None while the job's group is held, since nobody asks then; else somebody is ready who would turn it away again, and it
    /// waits until another may open.
    private func pauseUnlessHeld(_ job: ClaimedJob) -> Duration {
        guard switchboard.hold(job.group, for: job.owner, isQueued: true) == nil else { return .zero }
        return switchboard.opensIn(job.group, for: job.owner) ?? pause(before: job)
    }

    /// A pause that is longer with each failure that the job has had.
    private func pause(before job: ClaimedJob) -> Duration {
        let longest = Backoff.doubled(settings.backoff, times: job.history.setbacks, atMost: Backoff.longest)
        return Backoff.pause(atMost: longest)
    }

    /// So many limits that lie in the job itself end it.
    private static let ownLimits = 10
}
