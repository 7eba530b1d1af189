/// What a call costs, as far as it is known.
public struct PriceAnswer: Hashable, Sendable {
    /// The cost; nil where something of it has no price.
    public var cost: Money?
    /// Why there is no cost; nil where there is one.
    public var reason: UnpricedReason?
    /// The cost of what has a price: the whole where all has.
    public var low: Money
    /// How the prices are known; nil where no model was found.
    ///
    /// Of several entries the one that is known least.
    public var origin: PriceOrigin?
    /// The version of the table in which it was found; nil for prices of none.
    public var version: String?
    /// The model in the table, of the first entry; nil where none was found.
    public var model: String?
    /// What chose the prices: terms, hours, and lengths such as `input>200000`, each once.
    public var variant: [String]

    /// A cost.
    public static func priced(_ cost: Money, origin: PriceOrigin, model: String?, variant: [String] = []) -> PriceAnswer
    {
        PriceAnswer(cost: cost, reason: nil, low: cost, origin: origin, version: nil, model: model, variant: variant)
    }

    /// The cost of a row that is said to be free.
    public static let free = priced(.zero, origin: .free, model: nil)

    /// What the provider itself says that the call cost.
    public static func told(_ cost: Money, model: String? = nil) -> PriceAnswer {
        priced(cost, origin: .told, model: model)
    }
}
