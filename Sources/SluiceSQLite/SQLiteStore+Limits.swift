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
                SELECT \(SpendRecord.columns) FROM spend JOIN name ON name.id = spend.account
                """
            ) { SpendRecord(&$0) }
        }
    }
}

extension SQLiteStore {
    package func queueSizes() async throws(StoreError) -> [String: QueueSize] {
        try await read { db in try db.queueSizes() }
    }

    package func alarms(notOverAt moment: Timestamp) async throws(StoreError) -> [SpendRecord] {
        try await read { db in
            try db.all(
                """
                SELECT \(SpendRecord.columns) FROM spend JOIN name ON name.id = spend.account
                WHERE spend.told > spend.alarmed AND (spend.ends IS NULL OR spend.ends > ?1) ORDER BY spend.begins DESC
                """,
                moment
            ) { SpendRecord(&$0) }
        }
    }

    package func noteAlarmed(_ record: SpendRecord) async throws(StoreError) {
        try await write(NoteAlarmed(record: record))
    }

    package func wake(at now: Timestamp) async throws(StoreError) -> Int {
        try await write(WakeJobs(now: now))
    }

    package func setPrice(_ setting: PriceSetting, audit: AuditEntry) async throws(StoreError) {
        try await write(SetPrice(setting: setting, audit: audit))
    }

    package func setPrices() async throws(StoreError) -> [PriceSetting] {
        try await read { db in
            try db.all("SELECT provider, model, prices, set_at FROM price_set ORDER BY provider, model") { row in
                PriceSetting(provider: row.text(), model: row.text(), prices: row.bytes(), setAt: row.time())
            }
        }
    }

    package func unpricedLines(provider: String, model: String) async throws(StoreError) -> Int {
        try await read { db in
            try db.first(
                """
                SELECT count(*) FROM ledger
                WHERE state = 'unpriced' AND provider = \(LedgerName.idSQL(.provider, named: "?1"))
                      AND model = \(LedgerName.idSQL(.model, named: "?2"))
                """,
                provider,
                model
            ) { $0.int() } ?? 0
        }
    }
}
