package import SluiceStore
import SluiceTypes

/// What happens to a job, in order, from a position on: attempt after attempt, live where it runs here, else from the store,
/// to the job's end.
///
/// It is asked, and nothing is kept for one that does not ask. While an attempt runs here its chunks come from memory,
/// without a read of the store.
package struct JobFollower: Sendable {
    private let id: JobID
    private let owner: OwnerID?
    private let logs: JobLogs
    private let bell: Doorbell
    private let gone: Signal?
    /// Behind all that was told.
    package private(set) var position: LogPosition
    /// The log that ``position`` lies in, as far as it is known.
    package private(set) var log: JobLog?
    /// An uptime that no engine reaches.
    private static let never = Duration.seconds(1 << 40)
    /// True when the attempt has nothing more to tell.
    private var isTold = false

    init(_ start: FollowStart, _ logs: JobLogs, _ bell: Doorbell, unless gone: Signal?) {
        id = start.id
        owner = start.owner
        position = start.position
        self.logs = logs
        self.bell = bell
        self.gone = gone
        enter(start.log)
    }

    /// What happens next, as soon as it does, or ``Followed/nothing`` when `pause` is over before; nil for a pause that never is.
    ///
    /// - Throws: ``StoreError``; asking again is allowed.
    package mutating func next(within pause: Duration?) async throws(StoreError) -> Followed {
        let end = pause.map { logs.time.uptime() + $0 } ?? JobFollower.never
        var isReminder = false
        while true {
            if let followed = try await look(isReminder) { return followed }
            if logs.feed.isClosed || Task.isCancelled || gone?.hasFired == true { return .stopped }
            let uptime = logs.time.uptime()
            if uptime >= end { return .nothing }
            // No bell rings for what another process does with the job.
            let next = log == nil ? min(end, uptime + SharedLooks.pause) : end
            if next == JobFollower.never { await bell.wait() } else { await bell.wait(until: next, logs.time) }
            isReminder = logs.time.uptime() >= next
        }
    }

    /// What can be told now; nil for nothing.
    ///
    /// Whoever was only reminded to look shares what the others see.
    private mutating func look(_ isReminder: Bool) async throws(StoreError) -> Followed? {
        while true {
            guard let log else {
                switch try await lookInStore(isReminder) {
                case .told(let followed): return followed
                case .entered: continue
                }
            }
            guard let piece = log.piece(from: position.offset) else {
                leave()
                isTold = true
                continue
            }
            if piece.isEmpty { return nil }
            // A stop ends what still grows, however much of it there is.
            if logs.feed.isClosed, !log.isClosed { return .stopped }
            position.offset = piece.end
            return .entries(piece)
        }
    }

    private enum Look {
        case told(Followed?)
        /// The attempt's log was found.
        case entered
    }

    private mutating func lookInStore(_ isReminder: Bool) async throws(StoreError) -> Look {
        // Before the store: a log that is gone by now was stored before.
        let (live, lent) = (logs.live(id, epoch: position.epoch), logs.lent(id, epoch: position.epoch))
        let isWanted = !isTold && live == nil && lent == nil
        let seen =
            isReminder
            ? try await logs.looks.look(at: id, owner: owner, withLog: isWanted)
            : try await logs.store.progress(id, owner: owner, withLog: isWanted)
        guard let progress = seen else { return .told(.stopped) }
        if let attempt = progress.attempt, attempt.epoch > position.epoch {
            position = LogPosition(epoch: attempt.epoch, offset: 0)
            isTold = false
            enter(find(in: progress))
            return .told(.attempt(attempt))
        }
        if !isTold, let attempt = progress.attempt {
            if let log = live ?? lent ?? find(in: progress) {
                enter(log)
                return .entered
            }
            // It runs elsewhere, or begins just now.
            if attempt.outcome == nil { return .told(nil) }
            isTold = true
        }
        return .told(progress.state.isTerminal ? try await end() : nil)
    }

    private func find(in progress: JobProgress) -> JobLog? {
        logs.live(id, epoch: position.epoch) ?? progress.log.flatMap { logs.lend($0, of: id, epoch: position.epoch) }
    }

    /// The end; nil for a job that was queued again meanwhile.
    private func end() async throws(StoreError) -> Followed? {
        guard let job = try await logs.store.job(id, owner: owner) else { return .stopped }
        return job.state.isTerminal ? .end(job) : nil
    }

    private mutating func enter(_ log: JobLog?) {
        leave()
        self.log = log
        log?.ring(bell, past: 0)
    }

    mutating func leave() {
        log?.dismiss(bell)
        log = nil
    }
}
