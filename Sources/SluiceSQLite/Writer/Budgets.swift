import GRDB
import SluiceStore
import SluiceTypes

/// Who has a budget, by the numbers of names: looked up for each line that is written.
struct Budgets: Sendable {
    struct Account: Sendable {
        /// The number and the text of the id by which is added up.
        var number: Int64
        var id: String
        var budget: SpendingLimits.Budget
    }

    /// By the number of an owner or a token; one that shares another's has the other's account.
    private(set) var accounts: [Int64: Account] = [:]

    /// Nobody has one.
    var isEmpty: Bool { accounts.isEmpty }

    /// The accounts in which a line counts.
    func accounts(of place: LedgerPlace) -> [Account] {
        guard !accounts.isEmpty else { return [] }
        return [accounts[place.owner], accounts[place.token]].compactMap(\.self)
    }

    mutating func set(_ account: Account, for number: Int64) {
        accounts[number] = account
    }
}

/// What a transaction adds to what was spent.
struct Spending: Sendable {
    struct Key: Hashable, Sendable {
        var account: Int64
        var window: BudgetWindow
    }

    /// With the account's id and the budget's amount.
    struct Change: Sendable {
        var id: String
        var amount: Int64
        var counted: Int64
    }

    var changes: [Key: Change] = [:]
    /// Whose attempts were posted, by those who have a budget.
    var posted: [JobID: Int64] = [:]
    var spent: [SpendRecord] = []
    var reached: [SpendRecord] = []

    /// Adds what is to be told once the transaction is committed.
    mutating func takeNews(into news: inout CommitNews) {
        (news.spent, news.reached, news.posted) = (spent, reached, posted)
        self = Spending()
    }
}
