/// Prices of calls that were made in some other way than the usual one: by batch, with priority, in one region.
public struct PriceVariant: Hashable, Sendable {
    /// The terms that a call must have, all of them, with these very values.
    public let terms: [String: String]
    /// When.
    public let validity: Validity
    /// The prices that are others; empty where it is only known that they aren't.
    public let prices: UnitPrices

    /// Takes all three.
    public init(_ prices: UnitPrices, terms: [String: String], validity: Validity = Validity()) {
        self.prices = prices
        self.terms = terms
        self.validity = validity
    }

    /// Tells whether a call's terms are these.
    func fits(_ call: CallTerms) -> Bool {
        terms.allSatisfy { call.values[$0.key] == $0.value }
    }
}
