package import SluiceStore
package import SluiceTypes

extension SQLiteStore {
    package func setLimits(
        of subject: LimitSubject,
        to limits: SpendingLimits?,
        at now: Timestamp,
        audit: AuditEntry
    ) async throws(StoreError) {
        try await write(SetLimits(subject: subject, limits: limits, now: now, audit: audit))
    }

    package func limits() async throws(StoreError) -> [LimitRecord] {
        try await read { db in try db.limitRecords() }
    }

    package func spend() async throws(StoreError) -> [SpendRecord] {
        try await read { db in
            try db.all(
                """
                SELECT name.name, spend.begins, spend.ends, spend.counted, spend.told
                FROM spend JOIN name ON name.id = spend.account
                """
            ) { row in
                SpendRecord(
                    account: row.text(),
                    window: BudgetWindow(begin: row.time(), end: row.optional { $0.time() }),
                    counted: row.int64(),
                    told: row.int()
                )
            }
        }
    }
}
