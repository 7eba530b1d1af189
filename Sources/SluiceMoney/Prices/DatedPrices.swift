/// Prices, and when they are valid.
public struct DatedPrices: Hashable, Sendable {
    /// When.
    public var validity: Validity
    /// Which.
    public var prices: UnitPrices
    /// The model whose prices count instead, as those say that are asked behind these; nil for prices of its own.
    public var like: String?

    /// Takes all three.
    public init(_ prices: UnitPrices, validity: Validity = Validity(), like: String? = nil) {
        self.prices = prices
        self.validity = validity
        self.like = like
    }
}
