import GRDB
import Logging
import SluiceStore
import SluiceTypes
import Synchronization

/// The one connection that writes and checkpoints, on the one thread that uses it.
///
/// What waits is written in one transaction and answered after its commit. There are no savepoints: on a full disk or
/// an I/O error SQLite rolls the whole transaction back, released savepoints included. So an operation that fails sends
/// all of its batch back, and each runs again in a transaction of its own.
final class Writer: Sendable {
    private let connection: DatabaseQueue
    private let snapshots: Snapshots
    private let locks: LockWait
    private let retention: Retention
    private let secret: [UInt8]
    private let settings: SQLiteSettings
    private let logger: Logger
    private let onFatal: @Sendable (StoreError) -> Void
    /// The path of a file of the store that is not where it was; nil while all is well.
    private let lost: @Sendable () -> String?
    private let room: DiskRoom
    private let waiting = WriteQueue()
    private let breakage = Mutex<StoreError?>(nil)
    private let observer = Mutex<(wantsSpans: Bool, tell: @Sendable (CommitNews) -> Void)?>(nil)

    init(
        _ connection: DatabaseQueue,
        snapshots: Snapshots,
        locks: LockWait,
        retention: Retention,
        settings: SQLiteSettings,
        logger: Logger,
        room: DiskRoom,
        secret: [UInt8],
        lost: @escaping @Sendable () -> String? = { nil },
        onFatal: @escaping @Sendable (StoreError) -> Void
    ) {
        self.lost = lost
        self.room = room
        self.secret = secret
        self.connection = connection
        self.snapshots = snapshots
        self.locks = locks
        self.retention = retention
        self.settings = settings
        self.logger = logger
        self.onFatal = onFatal
    }

    /// Why nothing works any more; nil while all is well.
    var broken: StoreError? { breakage.withLock { $0 } }

    /// Has what each commit has changed told after it.
    func observe(wantsSpans: Bool, _ observer: @escaping @Sendable (CommitNews) -> Void) {
        self.observer.withLock { $0 = (wantsSpans, observer) }
    }

    var waitingCount: Int { waiting.count }

    /// Looks whether the store's files are where they were; from when one is not on nothing is acknowledged any more.
    ///
    /// False when nothing works any more.
    func isInPlace() -> Bool {
        guard broken == nil else { return false }
        guard settings.holds(.storeInPlace), let path = lost() else { return true }
        let answer = StoreError(
            .unavailable,
            "\(path) was deleted, moved or replaced while it was in use; nothing more is taken"
        )
        let isNews = breakage.withLock { breakage in
            defer { breakage = breakage ?? answer }
            return breakage == nil
        }
        if isNews {
            let remedy = "stop this server, put the data directory back or restore a backup, and start again"
            logger.critical(
                "a file of the store was deleted, moved or replaced while it was in use, so nothing more is acknowledged: \(remedy)",
                metadata: ["path": "\(path)"]
            )
        }
        return false
    }

    /// Begins to write; `onEnd` is called when the connection is closed.
    func start(onEnd: @escaping @Sendable () -> Void) {
        startThread(named: "sluice-writer") { [self] in
            connection.writeWithoutTransaction { db in work(db) }
            do {
                try connection.close()
            } catch {
                logger.error("closing the database failed", metadata: ["reason": "\(StoreError(error))"])
            }
            onEnd()
        }
    }

    /// Carries out `operation` and returns after its commit.
    func perform<Operation: WriteOperation>(
        _ operation: Operation
    ) async -> Result<Operation.Answer, StoreError> {
        await withCheckedContinuation { continuation in
            let write = PendingWrite(operation) { continuation.resume(returning: $0) }
            if !waiting.push(write) { write.fail(.shutDown) }
        }
    }

    /// Takes no more operations; what waits is still written.
    func close() {
        waiting.close()
    }

    // MARK: On the writer's thread

    private func work(_ db: Database) {
        let noted = try? db.notedTime()
        var state = WriterState(expiry: Expiry(retention, noted: noted), room: room)
        state.secret = secret
        var checkpoints = Checkpointer(settings, snapshots, locks)
        var company = GroupCommitDelay(settings)
        var place = PlaceLooks()
        while true {
            switch waiting.take(within: checkpoints.isWorthwhile ? 100 : nil) {
            case .writes(var writes):
                company.wait()
                writes += waiting.takeMore()
                company.begin(writes.count)
                defer { company.end() }
                if place.isDue { _ = isInPlace() }
                if state.room.isDue {
                    // What was deleted is room only when the file was cut.
                    checkpoint(db, &checkpoints)
                    state.room.look()
                }
                for batch in GroupCommitBatches(writes, settings) {
                    commit(batch, db, &state)
                    checkpoints.noteCommit(db)
                    if checkpoints.isDue { checkpoint(db, &checkpoints) }
                }
            case .nothing: checkpoint(db, &checkpoints)
            case .closed: return
            }
        }
    }

    private func commit(_ batch: ArraySlice<PendingWrite>, _ db: Database, _ state: inout WriterState) {
        if let broken { return fail(batch, broken) }
        if state.room.isScarce, batch.contains(where: { !$0.makesRoom }) {
            for write in batch where !write.makesRoom { write.fail(.full) }
            for index in batch.indices where batch[index].makesRoom { commit(batch[index...index], db, &state) }
            return
        }
        do {
            let answers = try transact(batch, db, &state)
            for answer in answers { answer() }
        } catch {
            recover(batch, from: error, db, &state)
        }
    }

    /// Where a transaction failed decides what is known of it.
    private enum TransactionFailure: Error {
        /// Before its commit: nothing was written.
        case operation(any Error)
        case commit(any Error)
    }

    private func transact(
        _ batch: ArraySlice<PendingWrite>,
        _ db: Database,
        _ state: inout WriterState
    ) throws(TransactionFailure) -> [@Sendable () -> Void] {
        var answers: [@Sendable () -> Void] = []
        answers.reserveCapacity(batch.count)
        let observer = observer.withLock { $0 }
        state.tellsSpans = observer?.wantsSpans == true
        do {
            try db.control("BEGIN IMMEDIATE TRANSACTION")
            state.operations += batch.count
            for write in batch { answers.append(try write.run(db, &state)) }
            try state.writeSums(db)
            try state.writeSpend(db)
            try state.writeQueues(db)
            try state.writeCounts(db)
        } catch {
            throw .operation(error)
        }
        var news = state.takeNews()
        news.operations = batch.count
        if !Promise.toldAfterCommit.holds { observer?.tell(news) }
        let begin = ContinuousClock.now
        if !settings.holds(.commitBeforeAnswer) {
            for answer in answers { answer() }
            answers = []
        }
        do {
            let fault = settings.commitFault?()
            if fault == .before { throw DatabaseError(resultCode: .SQLITE_IOERR_WRITE) }
            if fault == .flush { throw DatabaseError(resultCode: .SQLITE_IOERR_FSYNC) }
            try db.control("COMMIT TRANSACTION")
            if fault == .after { throw DatabaseError(resultCode: .SQLITE_IOERR_WRITE) }
        } catch {
            throw .commit(error)
        }
        news.flush = ContinuousClock.now - begin
        observer?.tell(news)
        return answers
    }

    private func recover(
        _ batch: ArraySlice<PendingWrite>,
        from failure: TransactionFailure,
        _ db: Database,
        _ state: inout WriterState
    ) {
        let isOut = db.abandonTransaction()
        state.forgetUnwritten()
        if settings.holds(.turnsForgotten) { state.lines.forget() }
        if !settings.holds(.commitBeforeAnswer), case .commit = failure { return }
        let (error, wasCommit) =
            switch failure {
            case .operation(let error): (error, false)
            case .commit(let error): (error, true)
            }
        if StoreError.isFailedFlush(error) || !isOut {
            return breakDown(batch, because: error)
        }
        // What an I/O error at the commit left behind, nobody can tell: running it again might do it twice.
        let isKnown = !(wasCommit && StoreError.isInputOutput(error))
        let isWorthAnother = isKnown && StoreError.isFull(error) && state.room.noteFull()
        guard isKnown, isWorthAnother || batch.count > 1, settings.holds(.rerunSingly) else {
            return fail(batch, StoreError(error))
        }
        for index in batch.indices { commit(batch[index...index], db, &state) }
    }

    /// After a failed flush the pages in memory count as clean, and no later flush would tell: only the file can.
    private func breakDown(_ batch: ArraySlice<PendingWrite>, because error: any Error) {
        let cause = StoreError(error)
        guard settings.holds(.stopAfterFailedFlush) else { return fail(batch, cause) }
        let answer = StoreError(.unavailable, "the disk lost a write, so the store has stopped; check it and restart")
        breakage.withLock { $0 = answer }
        logger.critical("a flush to the disk failed: stopping", metadata: ["reason": "\(cause)"])
        fail(batch, answer)
        onFatal(answer)
    }

    private func fail(_ batch: ArraySlice<PendingWrite>, _ error: StoreError) {
        for write in batch { write.fail(error) }
    }

    private func checkpoint(_ db: Database, _ checkpoints: inout Checkpointer) {
        guard broken == nil else { return }
        do {
            try checkpoints.run(db)
        } catch {
            if StoreError.isFailedFlush(error) { return breakDown([], because: error) }
            logger.warning("a checkpoint failed", metadata: ["reason": "\(StoreError(error))"])
        }
    }
}

/// When the writer looks whether its files are where they were: ten times a second at most, so that it costs nothing.
private struct PlaceLooks {
    private var next: ContinuousClock.Instant = .now

    var isDue: Bool {
        mutating get {
            let now = ContinuousClock.now
            guard now >= next else { return false }
            next = now + .milliseconds(100)
            return true
        }
    }
}

extension StoreError {
    static let shutDown = StoreError(.closed, "the store is shut down; start sluice again")
}
