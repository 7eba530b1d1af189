import GRDB
import SluiceStore
import SluiceTypes

/// Hands out what providers are to delete now, and takes out what they were asked for long enough.
struct ClaimUpstreamDeletions: WriteOperation {
    var now: Timestamp
    var again: Timestamp
    var limit: Int

    static let dueSQL = """
        SELECT \(UpstreamDeletion.columns) FROM upstream_delete INDEXED BY upstream_delete_due
        WHERE due_at <= ?1 ORDER BY due_at LIMIT ?2
        """

    static let overSQL = """
        SELECT \(UpstreamDeletion.columns) FROM upstream_delete INDEXED BY upstream_delete_until
        WHERE until <= ?1 ORDER BY until LIMIT ?2
        """

    func run(_ db: Database, _ state: inout WriterState) throws -> UpstreamDeletionBatch {
        let over = try db.all(ClaimUpstreamDeletions.overSQL, now, max(limit, 0)) { UpstreamDeletion(&$0) }
        for deletion in over { try db.finishUpstreamDeletion(deletion.id) }
        var due = try db.all(ClaimUpstreamDeletions.dueSQL, now, max(limit, 0)) { UpstreamDeletion(&$0) }
        for place in due.indices {
            due[place].tries += 1
            due[place].dueAt = again
            try db.run(
                "UPDATE upstream_delete SET tries = tries + 1, due_at = ?2 WHERE id = ?1",
                due[place].id,
                again
            )
        }
        return UpstreamDeletionBatch(due: due, givenUp: over)
    }
}

/// Takes out a deletion that a provider has carried out, or never will.
struct FinishUpstreamDeletion: WriteOperation {
    var id: Int64

    var makesRoom: Bool { true }

    func run(_ db: Database, _ state: inout WriterState) throws {
        try db.finishUpstreamDeletion(id)
    }
}

/// Puts off a deletion that failed.
struct PutOffUpstreamDeletion: WriteOperation {
    var id: Int64
    var moment: Timestamp

    func run(_ db: Database, _ state: inout WriterState) throws {
        try db.run("UPDATE upstream_delete SET due_at = ?2 WHERE id = ?1", id, moment)
    }
}

extension UpstreamDeletion {
    /// The columns that ``init(_:)`` reads, in their order.
    static let columns = "id, owner, row, account, upstream_id, made_at, due_at, tries, until"

    init(_ row: inout RowReader) {
        self.init(
            id: row.int64(),
            owner: OwnerID(rawValue: row.text()),
            KeptUpstream(row: row.text(), account: row.optional { $0.text() }, upstreamID: row.text()),
            madeAt: row.time(),
            dueAt: row.time(),
            tries: row.int(),
            until: row.time()
        )
    }
}

extension Database {
    /// Puts down what a provider is to delete.
    func insert(_ deletion: UpstreamDeletion) throws {
        try run(
            """
            INSERT INTO upstream_delete (owner, row, account, upstream_id, made_at, due_at, tries, until)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
            """,
            deletion.owner,
            deletion.kept.row,
            deletion.kept.account,
            deletion.kept.upstreamID,
            deletion.madeAt,
            deletion.dueAt,
            deletion.tries,
            deletion.until
        )
    }

    fileprivate func finishUpstreamDeletion(_ id: Int64) throws {
        try run("DELETE FROM upstream_delete WHERE id = ?1", id)
    }
}
