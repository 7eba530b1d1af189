package import SluiceStore
package import SluiceTypes

extension SQLiteStore {
    package func beginRun(
        _ kind: LedgerRun.Kind,
        at now: Timestamp,
        audit: AuditEntry
    ) async throws(StoreError) -> LedgerRun {
        try await write(BeginRun(kind: kind, now: now, audit: audit))
    }

    package func run(_ id: Int64) async throws(StoreError) -> LedgerRun? {
        try await read { db in
            try db.first("SELECT \(LedgerRun.columns) FROM ledger_run WHERE id = ?1", id) { LedgerRun(&$0) }
        }
    }

    package func lines(
        _ query: RepricingQuery,
        after place: LedgerCursor?,
        limit: Int
    ) async throws(StoreError) -> LedgerPage {
        try await read { db in try db.lines(query, after: place, limit: limit) }
    }

    package func oldestLine() async throws(StoreError) -> Timestamp? {
        try await read { db in
            try db.first("SELECT at FROM ledger INDEXED BY ledger_at WHERE at >= 0 ORDER BY at LIMIT 1") { $0.time() }
        }
    }

    package func changes(
        of run: Int64,
        after place: (job: JobID, epoch: Int64)?,
        limit: Int
    ) async throws(StoreError) -> [ChangedLine] {
        try await read { db in try db.changes(of: run, after: place, limit: limit) }
    }

    package func change(
        _ changes: [LedgerChange],
        in run: Int64
    ) async throws(StoreError) -> LedgerChange.Outcome {
        try await write(ChangeLines(changes: changes, run: run))
    }

    package func endRun(_ id: Int64, at now: Timestamp, audit: AuditEntry) async throws(StoreError) {
        try await write(EndRun(id: id, now: now, audit: audit))
    }
}
