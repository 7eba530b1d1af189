import GRDB
import SluiceStore
import SluiceTypes

/// Begins a run, or goes on with the newest one.
struct BeginRun: WriteOperation {
    var kind: LedgerRun.Kind
    var now: Timestamp
    var audit: AuditEntry

    func run(_ db: Database, _ state: inout WriterState) throws -> LedgerRun {
        let run = try goOn(db) ?? begin(db)
        var audit = audit
        audit.subject = "run \(run.id)"
        try db.append(audit)
        return run
    }

    private func goOn(_ db: Database) throws -> LedgerRun? {
        let newest = try db.first("SELECT \(LedgerRun.columns) FROM ledger_run WHERE id > 0 ORDER BY id DESC LIMIT 1") {
            LedgerRun(&$0)
        }
        if var run = newest, run.isContinued(by: kind, at: now) {
            run.kind = kind.widened(by: run.kind)
            if case .reprice(let query) = run.kind {
                try db.run(
                    "UPDATE ledger_run SET since = ?2, until = ?3 WHERE id = ?1",
                    run.id,
                    query.since,
                    query.until
                )
            }
            return run
        }
        return nil
    }

    private func begin(_ db: Database) throws -> LedgerRun {
        // Lines know the order of their changes by the numbers of runs: what goes on behind a newer run would confuse it.
        try db.run("UPDATE ledger_run SET ended_at = ?1 WHERE ended_at IS NULL", now)
        var (query, undoes): (RepricingQuery?, Int64?) = (nil, nil)
        switch kind {
        case .reprice(let asked): query = asked
        case .undo(let run): undoes = run
        }
        try db.run(
            """
            INSERT INTO ledger_run (actor, begun_at, undoes, since, until, provider, model, takes_all)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
            """,
            audit.actor,
            now,
            undoes,
            query?.since,
            query?.until,
            query?.provider,
            query?.model,
            query?.takesAll
        )
        return LedgerRun(id: db.lastInsertedRowID, kind: kind, actor: audit.actor, begunAt: now)
    }
}

/// Ends a run.
struct EndRun: WriteOperation {
    var id: Int64
    var now: Timestamp
    var audit: AuditEntry

    func run(_ db: Database, _ state: inout WriterState) throws {
        try db.run("UPDATE ledger_run SET ended_at = ?2 WHERE id = ?1", id, now)
        try db.append(audit)
    }
}

extension LedgerRun {
    /// The columns that ``init(_:)`` reads, in their order.
    static let columns = "id, actor, begun_at, ended_at, undoes, since, until, provider, model, takes_all"

    init(_ row: inout RowReader) {
        let (id, actor, begunAt) = (row.int64(), row.text(), row.time())
        let (endedAt, undoes) = (row.optional { $0.time() }, row.optional { $0.int64() })
        let kind: Kind
        if let undoes {
            kind = .undo(undoes)
        } else {
            kind = .reprice(
                RepricingQuery(
                    since: row.time(),
                    until: row.time(),
                    provider: row.optional { $0.text() },
                    model: row.optional { $0.text() },
                    takesAll: row.bool()
                )
            )
        }
        self.init(id: id, kind: kind, actor: actor, begunAt: begunAt, endedAt: endedAt)
    }
}
