/// What all attempts of a job cost together, as their lines say it; in nano-dollars.
package struct JobCost: Sendable, Hashable {
    /// Of all that is priced.
    package private(set) var cost: Int64 = 0
    /// Of all together, at least, likely and at most.
    package private(set) var low: Int64 = 0
    package private(set) var likely: Int64 = 0
    package private(set) var high: Int64 = 0
    /// The worst that is said of one of them: something without a price, else something that nobody knows.
    package private(set) var state = LedgerCost.State.priced
    /// The version of the price table by which the newest was priced; nil for none.
    package private(set) var priceVersion: String?

    package init(_ entry: LedgerEntry) {
        add(entry)
    }

    package mutating func add(_ entry: LedgerEntry) {
        let sums = LedgerSums(entry)
        cost = LedgerSums.add(cost, sums.cost)
        low = LedgerSums.add(low, LedgerSums.add(sums.cost, sums.low))
        likely = LedgerSums.add(likely, LedgerSums.add(sums.cost, sums.likely))
        high = LedgerSums.add(high, LedgerSums.add(sums.cost, sums.high))
        switch (state, entry.cost.state) {
        case (.unpriced, _), (_, .unpriced): state = .unpriced
        case (.unknown, _), (_, .unknown): state = .unknown
        case (.priced, .priced): break
        }
        priceVersion = entry.price?.version ?? priceVersion
    }
}
