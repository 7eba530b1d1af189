import GRDB
package import Logging
package import SluiceStore
import Synchronization

/// The durable store: a directory with one SQLite database, open to one process.
///
/// One thread writes, a few read; no call of SQLite runs on the cooperative pool. An acknowledgement means that the
/// device has said it holds the commit.
///
/// A failed flush breaks the store for good: everything answers `unavailable` from then on, and the process should
/// exit with 75 and begin anew from the file.
package final class SQLiteStore: Store {
    /// What the store is opened for.
    package enum Mode: Sendable {
        /// Makes the directory and the tables where they are missing, and brings an older schema up to date.
        case serve
        /// Takes the store as it is.
        case offline
        /// Takes the store as it is, and makes one in a directory that is empty or not there.
        case offlineOrNew
    }

    private enum Phase {
        case open
        case closing([CheckedContinuation<Void, Never>])
        case closed
    }

    private let writer: Writer
    private let readers: ReaderPool
    let longReads: LongReads
    private let lock: StoreLock
    private let directory: String
    package let secret: [UInt8]
    /// Whether it was opened where nothing may be written, so that it can only be read.
    package let isStill: Bool
    private let phase = Mutex(Phase.open)

    /// Takes what ``Opening`` made ready.
    init(
        _ opened: OpenedDatabase,
        retention: Retention,
        settings: SQLiteSettings,
        logger: Logger,
        onFatal: @escaping @Sendable (StoreError) -> Void
    ) {
        lock = opened.lock
        directory = opened.directory
        secret = opened.secret
        isStill = opened.isStill
        longReads = LongReads(open: opened.openLongRead)
        writer = Writer(
            opened.writer,
            snapshots: longReads.snapshots,
            locks: opened.locks,
            retention: retention,
            settings: settings,
            logger: logger,
            room: opened.room,
            secret: opened.secret,
            lost: { [lock] in lock.lost },
            onFatal: onFatal
        )
        readers = ReaderPool(opened.readers)
        writer.start { [self] in finishClosing() }
    }

    /// Opens the store in `directory` and keeps every other process out of it.
    ///
    /// `onFatal` is called, once and from the writer's thread, when the store is broken for good.
    ///
    /// - Throws: ``StoreError``: `locked` when another process has it, `schema` when the file is of a newer version, of
    ///   another program, or (offline) not set up; `full`, `unavailable` or `corrupt` when it can't be used.
    package static func open(
        directory: String,
        mode: Mode,
        retention: Retention,
        logger: Logger = Logger(label: "sluice.store"),
        settings: SQLiteSettings = .standard,
        onFatal: @escaping @Sendable (StoreError) -> Void = { _ in }
    ) async throws(StoreError) -> SQLiteStore {
        let opening = Opening(directory: directory, mode: mode, settings: settings, logger: logger)
        return SQLiteStore(
            try await onThread(named: "sluice-open") { () throws(StoreError) in try opening.run() },
            retention: retention,
            settings: settings,
            logger: logger,
            onFatal: onFatal
        )
    }

    /// Looks twice a second whether the store's files are where they were, until one is not or the task is cancelled: whoever takes
    /// them away while nothing is written is noticed as well.
    package func watchPlace() async {
        while isInPlace(), (try? await Task.sleep(for: .milliseconds(500))) != nil {}
    }

    /// Looks whether the store's files are where they were; from when one is not on nothing is acknowledged any more.
    package func isInPlace() -> Bool { writer.isInPlace() }

    /// Finishes what waits, moves the WAL into the database and lets others in.
    ///
    /// What comes after it answers `closed`. Repeating it changes nothing. A store that is not closed lives on, with its
    /// threads.
    package func close() async {
        await withCheckedContinuation { continuation in
            let isFirst: Bool? = phase.withLock { phase in
                switch phase {
                case .open:
                    phase = .closing([continuation])
                    return true
                case .closing(let waiting):
                    phase = .closing(waiting + [continuation])
                    return false
                case .closed: return nil
                }
            }
            switch isFirst {
            // The writer's connection goes last: whichever does takes the WAL in and away.
            case true?: longReads.close { [readers, writer] in readers.close { writer.close() } }
            case false?: break
            case nil: continuation.resume()
            }
        }
    }

    private func finishClosing() {
        lock.release()
        let waiting: [CheckedContinuation<Void, Never>] = phase.withLock { phase in
            defer { phase = .closed }
            guard case .closing(let waiting) = phase else { return [] }
            return waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    package func observe(wantsSpans: Bool, _ observer: @escaping @Sendable (CommitNews) -> Void) {
        writer.observe(wantsSpans: wantsSpans, observer)
    }

    package var disk: DiskUse? { DiskUse(ofStoreIn: directory) }

    /// How many operations wait for the writer.
    var waitingWrites: Int { writer.waitingCount }

    package func checkWritable() async throws(StoreError) {
        try await write(ProveWritable())
    }

    /// Carries out a transition; returns after its commit.
    func write<Operation: WriteOperation>(_ operation: Operation) async throws(StoreError) -> Operation.Answer {
        try await attempt(operation).get()
    }

    /// As ``write(_:)``, its error as a value.
    func attempt<Operation: WriteOperation>(_ operation: Operation) async -> Result<Operation.Answer, StoreError> {
        await writer.perform(operation)
    }

    /// Why nothing works any more; nil while all is well.
    var broken: StoreError? { writer.broken }

    /// Reads what was committed.
    func read<Answer: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Answer
    ) async throws(StoreError) -> Answer {
        if let broken { throw broken }
        return try await readers.read(body).get()
    }
}
