import GRDB
import Glibc
import SluiceStore
import Synchronization

/// Reads of the whole store: one at a time, on a thread and a connection of their own.
///
/// The thread gives way to others where processors are scarce: nobody waits for such a read as a caller waits for an
/// acknowledgement.
final class LongReads: Sendable {
    private struct State {
        var waiting: [Work] = []
        var current: LongRead?
        var isWorking = false
        var isClosed = false
        var onEnd: (@Sendable () -> Void)?
    }

    private struct Work: Sendable {
        let read: LongRead
        let run: @Sendable () -> Void
    }

    let snapshots = Snapshots()
    private let open: @Sendable () throws -> DatabaseQueue
    private let state = Mutex(State())
    /// Added to the thread's nice value.
    private static let niceness: Int32 = 10

    /// `open` gives a connection for one of them.
    init(open: @escaping @Sendable () throws -> DatabaseQueue) {
        self.open = open
    }

    var isClosed: Bool { state.withLock { $0.isClosed } }

    /// Runs `body` when its turn comes; cancelling the task stops it.
    func perform<Answer: Sendable>(
        _ body: @escaping @Sendable (LongRead) throws -> Answer
    ) async -> Result<Answer, StoreError> {
        let read = LongRead(open: open, snapshots: snapshots)
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let work = Work(read: read) {
                    continuation.resume(returning: read.result { try body(read) })
                }
                if !push(work) { continuation.resume(returning: .failure(.shutDown)) }
            }
        } onCancel: {
            read.stop(LongRead.givenUp)
        }
    }

    /// Stops what runs, lets nothing more run, and calls `onEnd` when all is over.
    ///
    /// Only to be called once.
    func close(onEnd: @escaping @Sendable () -> Void) {
        let (isIdle, reads) = state.withLock { state in
            state.isClosed = true
            state.onEnd = onEnd
            return (!state.isWorking, [state.current].compactMap(\.self) + state.waiting.map(\.read))
        }
        for read in reads { read.stop(.shutDown) }
        if isIdle { onEnd() }
    }

    private func push(_ work: Work) -> Bool {
        let (accepted, starts) = state.withLock { state in
            guard !state.isClosed else { return (false, false) }
            state.waiting.append(work)
            defer { state.isWorking = true }
            return (true, !state.isWorking)
        }
        if starts {
            startThread(named: "sluice-keeper") { [self] in
                // On Linux it is the calling thread's alone.
                _ = nice(LongReads.niceness)
                while let work = next() { work.run() }
            }
        }
        return accepted
    }

    private func next() -> Work? {
        let (work, onEnd) = state.withLock { state -> (Work?, (@Sendable () -> Void)?) in
            guard !state.waiting.isEmpty else {
                state.current = nil
                state.isWorking = false
                return (nil, state.isClosed ? state.onEnd : nil)
            }
            let work = state.waiting.removeFirst()
            state.current = work.read
            return (work, nil)
        }
        onEnd?()
        return work
    }
}

/// One read of the whole store.
final class LongRead: Sendable {
    private struct State {
        var reason: StoreError?
        /// Whatever it is reading with now.
        var connection: DatabaseQueue?
    }

    private let open: @Sendable () throws -> DatabaseQueue
    private let snapshots: Snapshots
    private let state = Mutex(State())

    static let givenUp = StoreError(
        .unavailable,
        "whoever asked for it has gone, so it was given up; nothing is left of it"
    )

    init(open: @escaping @Sendable () throws -> DatabaseQueue, snapshots: Snapshots) {
        self.open = open
        self.snapshots = snapshots
    }

    /// Lets it end soon with `reason`.
    func stop(_ reason: StoreError) {
        state.withLock { state in
            if state.reason == nil { state.reason = reason }
            state.connection?.interrupt()
        }
    }

    /// - Throws: why it shall end.
    func checkStopped() throws(StoreError) {
        if let reason = state.withLock({ $0.reason }) { throw reason }
    }

    /// What `body` came to, the reason for its stop coming before what the stop has led to.
    func result<Answer>(_ body: () throws -> Answer) -> Result<Answer, StoreError> {
        do {
            try checkStopped()
            return .success(try body())
        } catch {
            return .failure(state.withLock { $0.reason } ?? StoreError(error))
        }
    }

    /// Reads with a connection that can be interrupted, and closes it.
    func using<Answer>(_ connection: DatabaseQueue, _ body: (Database) throws -> Answer) throws -> Answer {
        state.withLock { $0.connection = connection }
        defer {
            state.withLock { $0.connection = nil }
            // There is nothing to save.
            try? connection.close()
        }
        try checkStopped()
        return try connection.writeWithoutTransaction(body)
    }

    /// Reads the store as it stands at one moment.
    ///
    /// Until `body` returns, nothing committed after that moment can move from the WAL into the database.
    func snapshot<Answer>(_ body: (Database) throws -> Answer) throws -> Answer {
        try using(try open()) { db in
            try snapshots.take(for: self) {
                try db.control("BEGIN DEFERRED TRANSACTION")
                _ = try db.pragma("SELECT count(*) FROM sqlite_schema")
            }
            defer {
                _ = db.abandonTransaction()
                snapshots.giveBack()
            }
            return try body(db)
        }
    }
}
