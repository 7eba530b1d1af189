/// What a line of the ledger says of its price: what pricing it anew changes, and nothing else of it.
package struct LedgerPricing: Sendable, Hashable {
    package var cost: LedgerCost
    /// Nil where nothing was priced.
    package var price: LedgerPrice?
    /// What budgets see of it, in nano-dollars.
    package var counted: Int64

    package init(cost: LedgerCost, price: LedgerPrice?, counted: Int64) {
        self.cost = cost
        self.price = price
        self.counted = counted
    }
}

extension LedgerEntry {
    /// What of it changes where it is priced anew.
    package var pricing: LedgerPricing {
        get { LedgerPricing(cost: cost, price: price, counted: counted) }
        set { (cost, price, counted) = (newValue.cost, newValue.price, newValue.counted) }
    }
}
