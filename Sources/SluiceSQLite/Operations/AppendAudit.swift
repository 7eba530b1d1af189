import GRDB
import SluiceStore

/// Adds a line to the audit.
struct AppendAudit: WriteOperation {
    var entry: AuditEntry

    func run(_ db: Database, _ state: inout WriterState) throws {
        try db.append(entry)
    }
}

extension Database {
    func append(_ entry: AuditEntry) throws {
        try run(
            "INSERT INTO audit (at, actor, action, subject, result) VALUES (?1, ?2, ?3, ?4, ?5)",
            entry.at,
            entry.actor,
            entry.action,
            entry.subject,
            entry.result
        )
    }
}
