public import SluiceMoney

/// By which prices a row's calls cost.
public struct RowPricing: Sendable {
    /// Whose list of the price table holds.
    public enum List: Sendable, Hashable {
        /// The one to which the row's host belongs.
        case host
        /// The one of that name.
        case named(String)
        /// None: the row costs nothing.
        case free
    }

    /// Whose list holds.
    public var list: List
    /// The row's own prices, which go before the list's.
    public var prices: PriceList?
    /// What every price is multiplied with.
    public var multiplier: Multiplier
    /// Where the provider itself says what a call cost, which goes before all prices; nil where it does not.
    public var told: ToldCost?

    /// What is other than in a row that says nothing, in words for lists; empty for nothing.
    public var words: [String] {
        var words: [String] = []
        switch list {
        case .host: break
        case .named(let name): words.append("list \(name)")
        case .free: words.append("free")
        }
        if let prices { words.append(prices.models.count == 1 ? "1 own price" : "\(prices.models.count) own prices") }
        if multiplier != .one { words.append("times \(multiplier)") }
        if told != nil { words.append("as told") }
        return words
    }

    /// Creates the pricing of a row; without arguments of one that says nothing.
    public init(
        list: List = .host,
        prices: PriceList? = nil,
        multiplier: Multiplier = .one,
        told: ToldCost? = nil
    ) {
        self.list = list
        self.prices = prices
        self.multiplier = multiplier
        self.told = told
    }
}
