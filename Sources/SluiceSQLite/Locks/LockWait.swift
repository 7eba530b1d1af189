import Glibc
import Logging
import Synchronization

/// How the writer waits for what another program has locked, and says who that is.
final class LockWait: Sendable {
    /// What is kept from going on.
    private enum Wait: Hashable {
        case write
        case checkpoint
    }

    private struct State {
        var wait = Wait.write
        var began: ContinuousClock.Instant = .now
        /// When each may be told again.
        var silentUntil: [Wait: ContinuousClock.Instant] = [:]
    }

    private let path: String
    private let logger: Logger
    private let state = Mutex(State())

    /// How long the writer waits in all, as it would with SQLite's own `busy_timeout`.
    private static let patience = Duration.seconds(5)
    /// Shorter waits are nobody's business.
    private static let noticed = Duration.seconds(1)
    private static let silence = Duration.seconds(60)
    /// In milliseconds, by the number of tries; the last one goes on.
    private static let pauses: [UInt32] = [1, 2, 5, 10, 15, 20, 25, 25, 25, 50, 50, 100]

    /// Waits for the database at `path`.
    init(path: String, logger: Logger) {
        self.path = path
        self.logger = logger
    }

    /// SQLite has met a lock for the `tries`-th time: pauses, and says whether to try again.
    ///
    /// There is no event to wait for: nobody is told when another process lets go of a lock.
    func goOn(after tries: Int) -> Bool {
        let (wait, waited) = state.withLock { state in
            if tries == 0 { state.began = .now }
            return (state.wait, .now - state.began)
        }
        guard waited < LockWait.patience else { return false }
        if waited >= LockWait.noticed { tell(wait) }
        usleep(LockWait.pauses[min(tries, LockWait.pauses.count - 1)] * 1_000)
        return true
    }

    /// Runs `body`, which may wait for those who read.
    func whileCheckpointing<Answer>(_ body: () throws -> Answer) rethrows -> Answer {
        state.withLock { $0.wait = .checkpoint }
        defer { state.withLock { $0.wait = .write } }
        return try body()
    }

    /// The WAL is long, and a part of it can't be moved into the database.
    func notePinned() {
        tell(.checkpoint)
    }

    private func tell(_ wait: Wait) {
        let isNews = state.withLock { state in
            if let end = state.silentUntil[wait], end > .now { return false }
            state.silentUntil[wait] = .now + LockWait.silence
            return true
        }
        guard isNews else { return }
        var locks = ForeignLock.all(on: path)
        // The kernel's list may have moved on while it was read.
        if locks.isEmpty { locks = ForeignLock.all(on: path) }
        switch wait {
        case .write:
            logger.warning(
                "another program has locked the database, so nothing can be written: end what it does there, or the program",
                metadata: metadata(locks)
            )
        case .checkpoint:
            // Readers of our own come to their end.
            guard !locks.isEmpty else { return state.withLock { $0.silentUntil[wait] = nil } }
            logger.warning(
                "another program keeps reading the database, so its log grows and writers wait: end what it does there, or the program",
                metadata: metadata(locks)
            )
        }
    }

    private func metadata(_ locks: [ForeignLock]) -> Logger.Metadata {
        let names = locks.isEmpty ? "a program that the system does not show" : locks.described
        return ["path": "\(path)", "by": "\(names)", "wal": "\((Files.size("\(path)-wal") ?? 0) >> 20) MiB"]
    }
}

extension [ForeignLock] {
    var described: String { map(\.description).joined(separator: "; ") }
}
