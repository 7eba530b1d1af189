import GRDB
import SluiceStore

/// One transition, as a value that waits for the writer.
///
/// It may run more than once: when another operation of its batch fails, all are rolled back and run again singly.
protocol WriteOperation: Sendable {
    associatedtype Answer: Sendable

    /// Roughly how many bytes it writes beyond a few rows.
    var payload: Int { get }

    /// Runs the statements, inside a transaction that it neither begins nor ends.
    func run(_ db: Database, _ state: inout WriterState) throws -> Answer
}

extension WriteOperation {
    var payload: Int { 0 }
}

/// What the writer knows beside the database.
struct WriterState: Sendable {
    var expiry: Expiry
    /// Whose turn it is, by group.
    var lines = OwnerLines()
    /// Which of ``GiveBackRoom/sizes`` is next.
    var roomSize = 1
}

/// An operation and whoever waits for it.
struct PendingWrite: Sendable {
    let payload: Int
    /// Runs the operation; what it answers is called after the commit, and not before.
    let run: @Sendable (Database, inout WriterState) throws -> (@Sendable () -> Void)
    let fail: @Sendable (StoreError) -> Void

    init<Operation: WriteOperation>(
        _ operation: Operation,
        answer: @escaping @Sendable (Result<Operation.Answer, StoreError>) -> Void
    ) {
        payload = operation.payload
        run = { db, state in
            let value = try operation.run(db, &state)
            return { answer(.success(value)) }
        }
        fail = { answer(.failure($0)) }
    }
}
