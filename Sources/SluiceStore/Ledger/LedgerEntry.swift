package import SluiceTypes

/// What is known of one attempt's usage and cost at a moment: what a line of the ledger says, and may say better later.
package struct LedgerEntry: Sendable, Hashable {
    package var basis: UsageBasis
    package var units: LedgerUnits
    /// The provider's own object; empty for none.
    package var raw: [UInt8]
    package var cost: LedgerCost
    /// Nil where nothing was priced.
    package var price: LedgerPrice?
    /// What budgets see of it, in nano-dollars.
    package var counted: Int64
    /// The model that answered, where it is another than the line's; nil where it is not.
    package var served: String?
    /// How the call was made, where that changes its price: by the names that providers have for it, with their words.
    package var terms: [String: String]
    /// What each part of the answer used, where several models had one; empty where there are none.
    package var parts: [UsagePart]

    package init(
        basis: UsageBasis,
        units: LedgerUnits,
        raw: [UInt8] = [],
        cost: LedgerCost,
        price: LedgerPrice? = nil,
        counted: Int64,
        served: String? = nil,
        terms: [String: String] = [:],
        parts: [UsagePart] = []
    ) {
        self.basis = basis
        self.units = units
        self.raw = raw
        self.cost = cost
        self.price = price
        self.counted = counted
        self.served = served
        self.terms = terms
        self.parts = parts
    }
}
