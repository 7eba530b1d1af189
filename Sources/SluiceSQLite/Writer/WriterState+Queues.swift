import GRDB
import SluiceStore
import SluiceTypes

/// What waits of owners and tokens, and what the transaction changes of that.
struct Queues: Sendable {
    /// As it was committed last, by ids; nil until that is read, and after a transaction that failed.
    fileprivate var committed: [String: QueueSize]?
    fileprivate var changes: [String: QueueSize] = [:]
    /// As it will be once the transaction is committed, of those that it changes.
    fileprivate var news: [String: QueueSize] = [:]

    /// What the transaction would have changed came to nothing.
    mutating func forget() {
        guard Promise.queuesForgotten.holds else { return }
        self = Queues()
    }

    /// A job of that size begins to wait, or ceases to.
    mutating func note(_ owner: OwnerID, _ token: TokenID?, bytes: Int64, waits: Bool) {
        let size = QueueSize(jobs: waits ? 1 : -1, bytes: waits ? bytes : -bytes)
        for account in [owner.rawValue, token?.rawValue].compactMap(\.self) {
            changes[account] = (changes[account] ?? QueueSize()) + size
        }
    }

    /// What is to be told once the transaction is committed.
    mutating func takeNews() -> [String: QueueSize] {
        defer { news = [:] }
        for (account, size) in news { committed?[account] = size.jobs == 0 ? nil : size }
        return news
    }
}

extension Database {
    func queueSizes() throws -> [String: QueueSize] {
        let sizes = try all("SELECT account, jobs, bytes FROM queue_size") { row in
            (row.text(), QueueSize(jobs: row.int64(), bytes: row.int64()))
        }
        return Dictionary(sizes) { first, _ in first }
    }
}

extension WriterState {
    /// Writes what the transaction that is about to be committed changes of what waits, each once.
    mutating func writeQueues(_ db: Database) throws {
        let changes = queues.changes
        queues.changes = [:]
        if queues.committed == nil {
            let stored = try db.queueSizes()
            (queues.committed, queues.news) = (stored, stored)
            news.isWhole = true
        }
        for (account, change) in changes where change != QueueSize() {
            let size = (queues.committed?[account] ?? QueueSize()) + change
            if size.jobs == 0 {
                try db.run("DELETE FROM queue_size WHERE account = ?1", account)
            } else {
                try db.run(
                    """
                    INSERT INTO queue_size (account, jobs, bytes) VALUES (?1, ?2, ?3)
                    ON CONFLICT DO UPDATE SET jobs = excluded.jobs, bytes = excluded.bytes
                    """,
                    account,
                    size.jobs,
                    size.bytes
                )
            }
            queues.news[account] = size
        }
    }
}
