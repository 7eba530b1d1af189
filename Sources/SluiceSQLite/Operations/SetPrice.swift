import GRDB
import SluiceStore
import SluiceTypes

/// Sets a price at run time, or takes one away.
struct SetPrice: WriteOperation {
    var setting: PriceSetting
    var audit: AuditEntry

    func run(_ db: Database, _ state: inout WriterState) throws {
        try db.run("DELETE FROM price_set WHERE provider = ?1 AND model = ?2", setting.provider, setting.model)
        if !setting.prices.isEmpty {
            try db.run(
                "INSERT INTO price_set (provider, model, prices, set_at) VALUES (?1, ?2, ?3, ?4)",
                setting.provider,
                setting.model,
                setting.prices,
                setting.setAt
            )
        }
        try db.append(audit)
    }
}

/// What waits for the end of a budget's window, or for ever, since a limit or a price lets it not pass, is due now.
struct WakeJobs: WriteOperation {
    var now: Timestamp

    func run(_ db: Database, _ state: inout WriterState) throws -> Int {
        let woken = try db.run(
            """
            UPDATE job SET run_at = ?1
            WHERE state = 'queued' AND run_at > ?1 AND (run_at = ?2 OR run_at IN (SELECT ends + 7 FROM spend))
            """,
            now,
            BudgetWindow.never
        )
        if woken > 0 { state.lines.forget() }
        return woken
    }
}
