import GRDB
import SluiceStore
import SluiceTypes

/// Takes out the audit's oldest lines, past their time.
struct CutAudit: WriteOperation {
    var now: Timestamp
    var limit: Int

    static let oldestSQL = "SELECT seq, at FROM audit ORDER BY seq LIMIT ?1"

    var makesRoom: Bool { true }

    func run(_ db: Database, _ state: inout WriterState) throws -> Int {
        let start = now.adding(.zero - state.expiry.retention.audit)
        // In the order in which they came: a line of a clock that was ahead keeps those behind it for as long.
        let lines = try db.all(CutAudit.oldestSQL, max(limit, 0)) { row in (seq: row.int64(), at: row.time()) }
            .prefix { $0.at < start }
        guard let last = lines.last else { return 0 }
        // What is not declared so can't be deleted.
        try db.run("UPDATE meta SET audit_from = max(audit_from, ?1) WHERE id = 1", start)
        try db.run("DELETE FROM audit WHERE seq <= ?1", last.seq)
        return lines.count
    }
}
