package import SluiceTypes

/// What was spent in one window of a budget.
package struct SpendRecord: Sendable, Hashable {
    /// Whose it is; see ``LimitRecord/account``.
    package var account: String
    package var window: BudgetWindow
    /// Nano-USD of all lines of that time, as budgets see them.
    package var counted: Int64
    /// How much of the budget had been used when that was told last: 0, 80 or 100 parts of a hundred.
    package var told: Int

    package init(account: String, window: BudgetWindow, counted: Int64, told: Int = 0) {
        self.account = account
        self.window = window
        self.counted = counted
        self.told = told
    }

    /// Of how much of a budget is told, in parts of a hundred.
    package static let marks = [100, 80]

    /// The highest mark that so much of a budget has reached; 0 for none.
    package static func mark(_ counted: Int64, of amount: Int64) -> Int {
        marks.first { Int128(counted) * 100 >= Int128(amount) * Int128($0) } ?? 0
    }
}

extension AuditEntry {
    /// A budget has reached a mark: written in the transaction that does it, so that it is said once, whatever happens.
    package init(reached record: SpendRecord, at moment: Timestamp) {
        self.init(
            at: moment,
            actor: "gateway",
            action: "budget.reached",
            subject: record.account,
            result: "\(record.told) % of the budget of the window that began at \(record.window.begin)"
        )
    }
}
