/// The prices of a model's units.
public struct UnitPrices: Hashable, Sendable {
    /// By the units' names.
    public var byUnit: [String: Price]

    /// Takes prices.
    public init(_ byUnit: [String: Price] = [:]) {
        self.byUnit = byUnit
    }

    /// Puts in the prices that aren't here yet.
    mutating func fill(from other: UnitPrices) {
        byUnit.merge(other.byUnit) { own, _ in own }
    }
}
