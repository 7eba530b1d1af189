import GRDB
import SluiceStore

/// Has a row take no new calls.
struct PauseRow: WriteOperation {
    var pause: RowPause
    var audit: AuditEntry

    func run(_ db: Database, _ state: inout WriterState) throws -> Bool {
        let changed = try db.run(
            "INSERT INTO row_pause (row, since, actor) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
            pause.row,
            pause.since,
            pause.actor
        )
        if changed > 0 { try db.append(audit) }
        return changed > 0
    }
}

/// Lets a row take calls again.
struct ResumeRow: WriteOperation {
    var row: String
    var audit: AuditEntry

    func run(_ db: Database, _ state: inout WriterState) throws -> Bool {
        let changed = try db.run("DELETE FROM row_pause WHERE row = ?1", row)
        if changed > 0 { try db.append(audit) }
        return changed > 0
    }
}
