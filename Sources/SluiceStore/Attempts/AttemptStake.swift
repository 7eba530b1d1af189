/// What an attempt may use and cost, as far as that can be told before it is made: what its line says if nobody sees its end.
package struct AttemptStake: Sendable, Hashable {
    /// How much is known of the cost, in nano-dollars.
    package enum Cost: Sendable, Hashable {
        /// The row costs nothing.
        case free
        /// What is set aside for it while it runs, and the most that it can cost.
        case priced(hold: Int64, high: Int64)
        /// Nothing says what the row's model costs; what of that.
        case unpriced(reason: String)
    }

    /// By unit, what it likely uses.
    package var likely: [String: Int64]
    /// By unit, the most that it can use.
    package var high: [String: Int64]
    package var cost: Cost
    /// What budgets see of it if nobody sees its end, in nano-dollars.
    package var counted: Int64

    package init(likely: [String: Int64], high: [String: Int64], cost: Cost, counted: Int64) {
        self.likely = likely
        self.high = high
        self.cost = cost
        self.counted = counted
    }

    /// Of a row that costs nothing.
    package static let free = AttemptStake(likely: [:], high: [:], cost: .free, counted: 0)
}
