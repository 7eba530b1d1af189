import GRDB
import SluiceStore
import SluiceTypes

/// Sets what an owner or a token may do, and adds up what was spent since its window began.
struct SetLimits: WriteOperation {
    var subject: LimitSubject
    var limits: SpendingLimits?
    var now: Timestamp
    var audit: AuditEntry

    func run(_ db: Database, _ state: inout WriterState) throws {
        // Lines of this transaction are added up below: what they add must not come behind that once more.
        try state.writeSpend(db)
        let id = subject.id
        let number = try db.number(.account, id, &state)
        // 1. What holds.
        try db.run("DELETE FROM limits_share WHERE token = ?1", id)
        try db.run("DELETE FROM limits WHERE account = ?1", id)
        if let limits { try db.insert(limits, of: subject) }
        // 2. What waits for the end of a window, or for ever, may pass now.
        try db.run(
            """
            UPDATE job SET run_at = ?2
            WHERE state = 'queued' AND owner = coalesce((SELECT owner FROM token WHERE id = ?1), ?1) AND run_at > ?2
                  AND (run_at = ?3 OR run_at IN (SELECT ends + 7 FROM spend WHERE account = ?4))
            """,
            id,
            now,
            BudgetWindow.never,
            number
        )
        state.lines.forget()
        // 3. What was spent, of the window that is now.
        try db.run("DELETE FROM spend WHERE account = ?1", number)
        if let budget = limits?.budget {
            let window = budget.window(at: now)
            let counted = try db.counted(by: number, id, in: window)
            // What the new budget has passed already is told by whoever has set it.
            let mark = SpendRecord.mark(counted, of: budget.amount)
            try db.run(
                "INSERT INTO spend (account, begins, ends, node, counted, purged, told, alarmed) VALUES (?1, ?2, ?3, 0, ?4, 0, ?5, ?5)",
                number,
                window.begin,
                window.end,
                counted,
                mark
            )
            state.spending.spent.append(
                SpendRecord(account: id, window: window, counted: counted, told: mark)
            )
        }
        // 4. Who did it.
        try db.append(audit)
        state.budgets = nil
    }
}

extension Database {
    fileprivate func insert(_ limits: SpendingLimits, of subject: LimitSubject) throws {
        let isToken = if case .token = subject { true } else { false }
        try run(
            """
            INSERT INTO limits (account, kind, rpm, tpm, at_once, queued, queued_bytes, budget, period, strict, since, unpriced, trial)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
            """,
            subject.id,
            isToken ? Database.tokenKind : Database.ownerKind,
            limits.requestsPerMinute,
            limits.tokensPerMinute,
            limits.atOnce,
            limits.queued,
            limits.queuedBytes,
            limits.budget?.amount,
            limits.budget?.period.description,
            limits.budget?.isStrict,
            limits.budget?.since,
            limits.unpriced?.description,
            WordList.text(limits.onTrial.map(\.rawValue))
        )
    }

    /// What the lines of a window have counted.
    fileprivate func counted(by number: Int64, _ id: String, in window: BudgetWindow) throws -> Int64 {
        try first(
            """
            SELECT ifnull(sum(counted >> 32), 0), ifnull(sum(counted & 4294967295), 0) FROM ledger
            WHERE at >= ?2 AND (?3 IS NULL OR at < ?3)
                  AND (owner = ?1 OR token = ?1 OR token IN (
                      SELECT name.id FROM limits_share JOIN name ON name.kind = 'account' AND name.name = limits_share.token
                      WHERE limits_share.account = ?4
                  ))
            """,
            number,
            window.begin,
            window.end,
            id
        ) { $0.halves() } ?? 0
    }
}
