import Logging
import SluiceStore
import SluiceTypes
import Synchronization

/// Commits settlements, however long the store takes to be well again: a finished answer is never thrown away.
final class Settler: Sendable {
    private let switchboard: Switchboard
    private let feed: Feed
    private let time: EngineTime
    private let logger: Logger
    private let unsettled = Atomic<Int>(0)
    private let unsettledBytes = Atomic<Int>(0)
    private let unsettledLimit: Int
    private let mustGiveUp = Atomic<Bool>(false)

    init(switchboard: Switchboard, feed: Feed, unsettledLimit: Int, time: EngineTime, logger: Logger) {
        self.switchboard = switchboard
        self.feed = feed
        self.unsettledLimit = unsettledLimit
        self.time = time
        self.logger = logger
    }

    /// True while settlements wait for the store: no new work is claimed then.
    var isBehind: Bool { unsettled.load(ordering: .relaxed) > 0 }

    /// True while so much waits for the store that no call should begin whose answer would have to wait as well.
    var isFull: Bool { unsettledBytes.load(ordering: .relaxed) > unsettledLimit }

    /// The process stops for good: what the store does not take now is left to the next start's rescue.
    func giveUp() {
        mustGiveUp.store(true, ordering: .relaxed)
    }

    /// What became of a settlement in the end.
    enum Outcome: Sendable {
        case settled(JobState)
        /// The job had moved on.
        case stale
        /// The process stops, or the store is closed.
        case givenUp
    }

    @discardableResult
    func settle(_ claim: consuming Claim, _ how: Settling, in store: any CallStore) async -> Outcome {
        let job = claim.job
        var claim = claim
        var trouble = Trouble(self, job, holding: how.bytes)
        while true {
            switch await attempt(claim, how, in: store) {
            case .settled(let state, let runAt):
                trouble.isOver()
                note(job, how, state, runAt)
                return .settled(state)
            case .stale:
                trouble.isOver()
                logger.info("late", metadata: job.metadata)
                return .stale
            case .unsettled(let returned, let error):
                guard await trouble.shouldTryAgain(after: error) else {
                    returned.abandon()
                    return .givenUp
                }
                claim = returned
            }
        }
    }

    /// Moves the call on to another row.
    ///
    /// `unsettled` is returned only when the process gives up.
    func renew(
        _ claim: consuming Claim,
        after setback: Setback,
        start: AttemptStart,
        in store: any CallStore
    ) async -> Renewal {
        let job = claim.job
        var claim = claim
        var trouble = Trouble(self, job, holding: setback.bytes)
        while true {
            switch await store.retryNow(claim, after: setback, start: start) {
            case .renewed(let renewed):
                trouble.isOver()
                return .renewed(renewed)
            case .stale:
                trouble.isOver()
                logger.info("late", metadata: job.metadata)
                return .stale
            case .unsettled(let returned, let error):
                guard await trouble.shouldTryAgain(after: error) else { return .unsettled(returned, error) }
                claim = returned
            }
        }
    }

    private func attempt(
        _ claim: consuming Claim,
        _ how: Settling,
        in store: any CallStore
    ) async -> Settlement {
        switch how {
        case .succeed(let success): await store.succeed(claim, success)
        case .fail(let failure): await store.fail(claim, failure)
        case .release: await store.release(claim, at: time.now())
        case .wait(let report, let until): await store.defer(claim, report, until: until)
        }
    }

    private func note(_ job: ClaimedJob, _ how: Settling, _ state: JobState, _ runAt: Timestamp?) {
        if state == .queued, let runAt { switchboard.note(job.group, of: [job.owner], dueAt: runAt) }
        feed.notify(job.id)
        guard case .fail(let failure) = how else {
            logger.debug("settled", metadata: job.metadata.adding("state", state.rawValue))
            return
        }
        let metadata = job.metadata.adding("class", failure.report.errorClass?.rawValue ?? "unknown")
        if state == .dead { logger.info("dead", metadata: metadata) }
        if failure.outcomeIsUnknown { logger.info("unknown", metadata: metadata) }
        if state != .dead, !failure.outcomeIsUnknown { logger.debug("failed", metadata: metadata) }
    }

    /// One settlement's quarrel with the store: counts it as unsettled, paces the tries.
    private struct Trouble {
        private let settler: Settler
        private let job: ClaimedJob
        private let bytes: Int
        private var pause: Duration?

        init(_ settler: Settler, _ job: ClaimedJob, holding bytes: Int) {
            self.settler = settler
            self.job = job
            self.bytes = bytes + job.input.body.count
        }

        mutating func isOver() {
            guard pause != nil else { return }
            pause = nil
            settler.unsettled.subtract(1, ordering: .relaxed)
            settler.unsettledBytes.subtract(bytes, ordering: .relaxed)
            settler.switchboard.doorbell.ring()
        }

        mutating func shouldTryAgain(after error: StoreError) async -> Bool {
            let isFinal = error.code == .closed || error.code == .corrupt
            if isFinal || settler.mustGiveUp.load(ordering: .relaxed) {
                settler.logger.error(
                    "not settled; the job is rescued at the next start",
                    metadata: job.metadata.adding("error", error.message)
                )
                isOver()
                return false
            }
            if pause == nil {
                settler.unsettled.add(1, ordering: .relaxed)
                settler.unsettledBytes.add(bytes, ordering: .relaxed)
                settler.logger.error(
                    "the store does not take a settlement; it is tried again",
                    metadata: job.metadata.adding("error", error.message)
                )
            }
            let wait = pause ?? .milliseconds(50)
            pause = min(wait * 2, .seconds(2))
            let sleep = settler.time.sleep
            // A task of its own, because this one may have been cancelled, and then would not sleep at all.
            await Task { try? await sleep(wait) }.value
            return true
        }
    }
}

extension ClaimedJob {
    /// What a log line may say of a job.
    var metadata: Logger.Metadata {
        ["job": "\(id)", "epoch": "\(epoch)", "attempt": "\(attempt)", "row": "\(start.row)"]
    }
}

extension Logger.Metadata {
    func adding(_ key: String, _ value: String) -> Logger.Metadata {
        merging([key: "\(value)"]) { $1 }
    }
}
