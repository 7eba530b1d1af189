import SluiceTypes

/// How what an attempt may cost is counted before it is known.
struct SpendPolicy: Sendable, Hashable {
    /// As the most that it can cost.
    var isStrict = false
    /// What becomes of a call without a price.
    var unpriced = SpendingLimits.Unpriced.allow

    /// Of who has no budget.
    static let free = SpendPolicy()
}
