/// Prices, and when they are valid.
public struct DatedPrices: Hashable, Sendable {
    /// When.
    public var validity: Validity
    /// Which.
    public var prices: UnitPrices

    /// Takes both.
    public init(_ prices: UnitPrices, validity: Validity = Validity()) {
        self.prices = prices
        self.validity = validity
    }
}
