import GRDB
import SluiceStore
import SluiceTypes

extension Database {
    /// Adds to what was spent, where the line's owner or token has a budget.
    func spend(
        _ counted: Int64,
        of job: JobID,
        epoch: Int64,
        at place: LedgerPlace,
        _ state: inout WriterState
    ) throws {
        let accounts = try budgets(&state).accounts(of: place)
        guard !accounts.isEmpty else { return }
        state.spending.posted[job] = max(state.spending.posted[job] ?? 0, epoch)
        for account in accounts {
            let window = account.budget.window(at: place.at)
            let key = Spending.Key(account: account.number, window: window)
            let known = state.spending.changes[key]
            let sum = LedgerSums.add(known?.counted ?? 0, counted)
            state.spending.changes[key] = Spending.Change(
                id: account.id,
                amount: account.budget.amount,
                counted: sum
            )
        }
    }

    /// Who has a budget.
    func budgets(_ state: inout WriterState) throws -> Budgets {
        if let known = state.budgets { return known }
        var budgets = Budgets()
        for record in try limitRecords() {
            guard let budget = record.limits.budget else { continue }
            let number = try number(.account, record.account, &state)
            let account = Budgets.Account(number: number, id: record.account, budget: budget)
            budgets.set(account, for: try self.number(.account, record.subject.id, &state))
        }
        state.budgets = budgets
        return budgets
    }

    /// A line goes whose time is over; what it had counted stays spent.
    func notePurged(_ counted: Int64, at place: LedgerPlace, _ state: inout WriterState) throws {
        guard counted != 0 else { return }
        for account in try budgets(&state).accounts(of: place) {
            try run(
                """
                UPDATE spend SET purged = max(min(purged + ?3, \(LedgerSums.most)), -\(LedgerSums.most))
                WHERE account = ?1 AND begins <= ?2 AND (ends IS NULL OR ends > ?2)
                """,
                account.number,
                place.at,
                counted
            )
        }
    }
}

extension WriterState {
    /// Writes what the transaction that is about to be committed adds to what was spent, and which marks that reaches.
    mutating func writeSpend(_ db: Database) throws {
        let changes = spending.changes
        spending.changes = [:]
        for (key, change) in changes {
            guard try db.add(change.counted, to: key) else { continue }
            let stored = try db.first(
                "SELECT counted, told FROM spend WHERE account = ?1 AND begins = ?2 AND node = 0",
                key.account,
                key.window.begin
            ) { (counted: $0.int64(), told: $0.int()) }
            guard let stored else { continue }
            var record = SpendRecord(
                account: change.id,
                window: key.window,
                counted: stored.counted,
                told: stored.told
            )
            let mark = SpendRecord.mark(stored.counted, of: change.amount)
            if mark > stored.told {
                record.told = mark
                try db.run(
                    "UPDATE spend SET told = ?3 WHERE account = ?1 AND begins = ?2 AND node = 0",
                    key.account,
                    key.window.begin,
                    mark
                )
                try db.append(AuditEntry(reached: record, at: .now()))
                spending.reached.append(record)
            }
            spending.spent.append(record)
        }
    }
}

extension Database {
    /// False for a window that is over and of which nothing is kept: its lines are not added up any more.
    fileprivate func add(_ counted: Int64, to key: Spending.Key) throws -> Bool {
        let changed = try run(
            """
            UPDATE spend SET counted = max(min(counted + ?3, \(LedgerSums.most)), -\(LedgerSums.most))
            WHERE account = ?1 AND begins = ?2 AND node = 0
            """,
            key.account,
            key.window.begin,
            counted
        )
        if changed > 0 { return true }
        return try run(
            """
            INSERT INTO spend (account, begins, ends, node, counted, purged, told, alarmed)
            SELECT ?1, ?2, ?3, 0, ?4, 0, 0, 0
            WHERE NOT EXISTS (SELECT 1 FROM spend WHERE account = ?1 AND begins > ?2)
            """,
            key.account,
            key.window.begin,
            key.window.end,
            counted
        ) > 0
    }
}
