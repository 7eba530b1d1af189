import Logging
import SluiceProvider
import SluiceStore
import SluiceTypes

/// Takes one claimed job from its place to its settlement, over as many rows as one call may try.
struct AttemptRunner: Sendable {
    let store: any Store
    let caller: ProviderCaller
    let switchboard: Switchboard
    let running: RunningJobs
    let settler: Settler
    let settings: EngineSettings
    let clock: TrustedClock
    let time: EngineTime

    /// Runs and settles `claim`.
    ///
    /// The places it used are given back before it returns.
    func run(_ claim: consuming Claim, on first: Place) async {
        var claim = claim
        var place = first
        var used: Set<PlaceName> = []
        let (id, epoch) = (claim.job.id, claim.job.epoch)
        while true {
            used.insert(place.name)
            let log = JobLog(epoch: claim.job.epoch, keepsChunks: claim.job.stream)
            running.attach(log, to: id, epoch: epoch)
            let result = await caller.attempt(claim.job, on: place, log: log)
            switch step(after: result, of: claim.job, on: place, used) {
            case .settle(let settling):
                // The place is free before the commit: the provider has done its part.
                switchboard.release([place])
                await settler.settle(claim, settling)
                return
            case .moveOn(let failure, let next):
                // `place` was exchanged for `next`.
                place = next
                switch await settler.renew(claim, after: failure, start: start(on: next)) {
                case .renewed(let renewed):
                    claim = renewed
                case .exhausted:
                    switchboard.release([next])
                    return
                case .stale:
                    switchboard.release([next])
                    return
                case .unsettled(let abandoned, _):
                    abandoned.abandon()
                    switchboard.release([next])
                    return
                }
            }
        }
    }

    private enum Step {
        case settle(Settling)
        case moveOn(Failure, Place)
    }

    private func step(
        after result: AttemptResult,
        of job: ClaimedJob,
        on place: Place,
        _ used: Set<PlaceName>
    ) -> Step {
        var report = result.report
        let failed = { (counts: Bool, unknown: Bool, retryAt: Timestamp?) in
            Failure(
                report: report,
                output: result.output,
                outcomeIsUnknown: unknown,
                counts: counts,
                retryAt: retryAt
            )
        }
        switch Verdict.decide(result, onUnknown: job.onUnknown) {
        case .succeed(let finish):
            switchboard.noteAnswer(place)
            let output = result.output ?? AttemptOutput(log: [], text: "", complete: true)
            return .settle(.succeed(Success(report: report, output: output, body: result.reply.body, finish: finish)))
        case .retry(let unknown):
            return .settle(.fail(failed(true, unknown, soon())))
        case .die(let counts, let unknown):
            return .settle(.fail(failed(counts, unknown, nil)))
        case .wait:
            let pause = switchboard.noteRateLimit(place, pause: result.retryAfter)
            return .settle(waitOrDie(job, for: pause, report, failed(false, false, nil)))
        case .refuseCredential:
            let isNews = switchboard.noteRefusal(place, reason: refusal(report))
            let step = elsewhere(job, from: place, used) { failed(false, false, $0) }
            // The job that brought the news is dead; those that were on their way, and probes, wait for a remedy.
            return step
                ?? .settle(
                    isNews
                        ? .fail(failed(false, false, nil))
                        : waitOrDie(job, for: .zero, report, failed(false, false, nil))
                )
        case .tryNextRow:
            let step = elsewhere(job, from: place, used) { failed(false, false, $0) }
            return step ?? .settle(.fail(failed(false, false, nil)))
        case .release:
            return .settle(.release)
        case .interrupt:
            if running.isCancelled(job.id) {
                report.errorClass = .cancelled
                report.message = "the job was cancelled"
            }
            let retryAt = job.onUnknown == .retry ? time.now() : nil
            return .settle(.fail(failed(false, true, retryAt)))
        }
    }

    /// What becomes of a job that its row can't serve: now, or later, on another; nil where there is none.
    ///
    /// `failed` makes the failure that counts nothing, with the moment of the next try.
    private func elsewhere(
        _ job: ClaimedJob,
        from place: Place,
        _ used: Set<PlaceName>,
        _ failed: (Timestamp) -> Failure
    ) -> Step? {
        switch switchboard.exchange(place, after: used, for: job) {
        case .taken(let next): .moveOn(failed(time.now()), next)
        case .busy: .settle(.fail(failed(later(job))))
        case .closed(let pause): .settle(.fail(failed(time.now().adding(pause))))
        case .none: nil
        }
    }

    /// Waiting is limited by time alone: a job without a deadline of its own is dead when it has been put off for as long
    /// as the engine's patience lasts.
    private func waitOrDie(
        _ job: ClaimedJob,
        for pause: Duration,
        _ report: AttemptReport,
        _ death: Failure
    ) -> Settling {
        let waited = job.deferredSince.map { clock.forDeadlines().since($0) } ?? .zero
        return job.deadlineAt == nil && waited >= settings.patience
            ? .fail(death) : .wait(report, until: time.now().adding(pause))
    }

    private func soon() -> Timestamp {
        time.now().adding(Backoff.pause(atMost: settings.backoff))
    }

    /// The pause of a job that waits for a row that is full: longer each time, since it has to ask the row that refuses
    /// it again to find out.
    private func later(_ job: ClaimedJob) -> Timestamp {
        time.now().adding(Backoff.pause(atMost: Backoff.doubled(settings.backoff, times: job.attempt - 1)))
    }

    private func refusal(_ report: AttemptReport) -> String {
        report.httpStatus.map { "HTTP \($0)" } ?? report.errorClass?.rawValue ?? "refused"
    }

    private func start(on place: Place) -> AttemptStart {
        AttemptStart(place, at: time.now())
    }
}

extension AttemptStart {
    init(_ place: Place, at now: Timestamp) {
        self.init(
            row: place.row.name,
            credential: place.credential,
            configHash: place.row.configurationHash,
            startedAt: now
        )
    }
}

/// The pauses before the next try.
enum Backoff {
    /// `first`, doubled so many times, up to a minute or `first` itself.
    static func doubled(_ first: Duration, times: Int) -> Duration {
        min(first * (1 << min(times, 10)), max(first, .seconds(60)))
    }

    /// Full jitter, so that jobs that failed together don't come back together.
    static func pause(atMost limit: Duration) -> Duration {
        limit * Double.random(in: 0...1)
    }
}
