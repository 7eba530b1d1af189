/// The prices that count for a call, and what of the call made them what they are.
struct PriceChoice: Hashable, Sendable {
    var prices: UnitPrices
    /// The terms and hours, such as `service_tier=flex`.
    var variant: [String]
}
