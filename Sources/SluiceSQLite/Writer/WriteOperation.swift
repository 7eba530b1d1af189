import GRDB
import SluiceStore

/// One transition, as a value that waits for the writer.
///
/// It may run more than once: when another operation of its batch fails, all are rolled back and run again singly.
protocol WriteOperation: Sendable {
    associatedtype Answer: Sendable

    /// Roughly how many bytes it writes beyond a few rows.
    var payload: Int { get }

    /// True for what is let through when the disk is full: it makes room, ends what takes some, or has to go before that.
    var makesRoom: Bool { get }

    /// Runs the statements, inside a transaction that it neither begins nor ends.
    func run(_ db: Database, _ state: inout WriterState) throws -> Answer
}

extension WriteOperation {
    var payload: Int { 0 }
    var makesRoom: Bool { false }
}

/// What the writer knows beside the database.
struct WriterState: Sendable {
    var expiry: Expiry
    var room: DiskRoom
    /// Whose turn it is, by group.
    var lines = OwnerLines()
    /// Which of ``GiveBackRoom/sizes`` is next.
    var roomSize = 1
    /// What the transaction adds to the sums of days.
    var sums: [UsageDayKey: LedgerSums] = [:]
    /// The numbers of names that were asked for lately; of a transaction that failed they may be nobody's.
    var names: [LedgerName: Int64] = [:]
    /// The names that callers may choose, as many as are told apart.
    var dailyNames = DailyNames()
    /// The store's own, see ``SQLiteStore/secret``.
    var secret: [UInt8] = []
    /// How many operations were run since the store was opened.
    var operations = 0
    /// Who has a budget; nil until that is read, and after a transaction that failed.
    var budgets: Budgets?
    /// What waits of owners and tokens.
    var queues = Queues()
    /// How many jobs there are of each kind.
    var counts = Counts()
    /// What the transaction adds to what was spent.
    var spending = Spending()
    /// What is to be told of the transaction once it is committed.
    var news = CommitNews()
    /// Whether somebody wants to know of spans.
    var tellsSpans = false

    /// What is to be told of the transaction once it is committed, all of it.
    mutating func takeNews() -> CommitNews {
        defer { news = CommitNews() }
        news.queues = queues.takeNews()
        news.counts = counts.takeNews()
        spending.takeNews(into: &news)
        return news
    }
}

/// An operation and whoever waits for it.
struct PendingWrite: Sendable {
    let payload: Int
    let makesRoom: Bool
    /// Runs the operation; what it answers is called after the commit, and not before.
    let run: @Sendable (Database, inout WriterState) throws -> (@Sendable () -> Void)
    let fail: @Sendable (StoreError) -> Void

    init<Operation: WriteOperation>(
        _ operation: Operation,
        answer: @escaping @Sendable (Result<Operation.Answer, StoreError>) -> Void
    ) {
        payload = operation.payload
        makesRoom = operation.makesRoom
        run = { db, state in
            let value = try operation.run(db, &state)
            return { answer(.success(value)) }
        }
        fail = { answer(.failure($0)) }
    }
}
