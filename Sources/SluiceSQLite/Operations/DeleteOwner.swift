import GRDB
import SluiceStore
import SluiceTypes

/// Ends an owner: what it may do, and what it is called.
struct DeleteOwner: WriteOperation {
    var id: OwnerID
    var now: Timestamp
    var audit: AuditEntry

    var makesRoom: Bool { true }

    func run(_ db: Database, _ state: inout WriterState) throws -> OwnerRecord? {
        // What lines of this transaction add to budgets is written before these go.
        try state.writeSpend(db)
        // 1. Its name. Whoever deletes wants it gone: what was written over is overwritten.
        try db.control("PRAGMA secure_delete = ON")
        defer { try? db.control("PRAGMA secure_delete = FAST") }
        let name = try freeName(db)
        let found = try db.run(
            "UPDATE owner SET name = ?2, deleted_at = ?3 WHERE id = ?1 AND deleted_at IS NULL",
            id,
            name,
            now
        )
        guard found > 0 else { return nil }
        // 2. Its tokens, with what they were called and narrowed to.
        try db.run(
            """
            UPDATE token SET name = 'deleted', models = iif(models IS NULL, NULL, ''), tag = NULL,
                             revoked_at = coalesce(revoked_at, ?2)
            WHERE owner = ?1
            """,
            id,
            now
        )
        // 3. Its limits: nothing is asked for any more.
        let tokens = try db.all("SELECT id FROM token WHERE owner = ?1", id) { $0.text() }
        for account in [id.rawValue] + tokens {
            let number = try db.number(.account, account, &state)
            try db.run("DELETE FROM limits WHERE account = ?1", account)
            try db.run("DELETE FROM limits_share WHERE token = ?1", account)
            try db.run("DELETE FROM spend WHERE account = ?1", number)
        }
        state.budgets = nil
        // 4. Who did it.
        try db.append(audit)
        return try db.first("SELECT \(OwnerRecord.columns) FROM owner WHERE id = ?1", id) { OwnerRecord(&$0) }
    }

    private func freeName(_ db: Database) throws -> String {
        var number = 0
        while true {
            number += 1
            let name = "deleted-\(number)"
            if try db.first("SELECT 1 FROM owner WHERE name = ?1", name, read: { _ in true }) == nil { return name }
        }
    }
}

/// Nothing is left of a deleted owner's jobs but their rows.
struct NoteCleared: WriteOperation {
    var id: OwnerID
    var now: Timestamp

    func run(_ db: Database, _ state: inout WriterState) throws {
        try db.run("UPDATE owner SET cleared_at = ?2 WHERE id = ?1 AND deleted_at IS NOT NULL", id, now)
    }
}
