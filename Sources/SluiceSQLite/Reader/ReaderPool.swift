import Dispatch
import GRDB
import SluiceStore
import Synchronization

/// Connections that only read, each on a thread of its own.
///
/// Every read is one transaction, ended before its answer leaves, so that no slow caller keeps the WAL from being begun
/// anew. They never checkpoint: nothing they run writes.
final class ReaderPool: Sendable {
    private struct State {
        var waiting: [@Sendable (Database) -> Void] = []
        var isClosed = false
        var running = 0
        var onEnd: (@Sendable () -> Void)?
    }

    private let state: Mutex<State>
    private let ready = DispatchSemaphore(value: 0)
    private let count: Int

    /// Begins to read with `connections`.
    init(_ connections: [DatabaseQueue]) {
        count = connections.count
        state = Mutex(State(running: connections.count))
        for (number, connection) in connections.enumerated() {
            startThread(named: "sluice-reader-\(number)") { [self] in
                connection.writeWithoutTransaction { db in work(db) }
                // Closing a reader writes nothing; there is nothing to save.
                try? connection.close()
                end()
            }
        }
    }

    /// Reads in a transaction of its own.
    func read<Answer: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Answer
    ) async -> Result<Answer, StoreError> {
        await withCheckedContinuation { continuation in
            let accepted = push { db in
                let answer = ReaderPool.transact(db, body)
                continuation.resume(returning: answer)
            }
            if !accepted { continuation.resume(returning: .failure(.shutDown)) }
        }
    }

    /// Takes no more reads, and calls `onEnd` when those that wait are done and the connections are closed.
    ///
    /// Only to be called once.
    func close(onEnd: @escaping @Sendable () -> Void) {
        let isEnded = state.withLock { state in
            state.isClosed = true
            state.onEnd = onEnd
            return state.running == 0
        }
        for _ in 0..<count { ready.signal() }
        if isEnded { onEnd() }
    }

    private func push(_ read: @escaping @Sendable (Database) -> Void) -> Bool {
        let accepted = state.withLock { state in
            guard !state.isClosed else { return false }
            state.waiting.append(read)
            return true
        }
        if accepted { ready.signal() }
        return accepted
    }

    /// One signal stands for one read, or for the end.
    private func work(_ db: Database) {
        while true {
            ready.wait()
            let next = state.withLock { $0.waiting.isEmpty ? nil : $0.waiting.removeFirst() }
            guard let next else { return }
            next(db)
        }
    }

    private func end() {
        let onEnd = state.withLock { state in
            state.running -= 1
            return state.running == 0 ? state.onEnd : nil
        }
        onEnd?()
    }

    private static func transact<Answer>(
        _ db: Database,
        _ body: (Database) throws -> Answer
    ) -> Result<Answer, StoreError> {
        do {
            try db.control("BEGIN DEFERRED TRANSACTION")
            let answer = try body(db)
            try db.control("COMMIT TRANSACTION")
            return .success(answer)
        } catch {
            _ = db.abandonTransaction()
            return .failure(StoreError(error))
        }
    }
}
