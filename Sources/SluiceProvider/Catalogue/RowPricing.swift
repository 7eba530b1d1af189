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

    /// What becomes of an answer whose call is closed before its end.
    public enum AfterCancel: String, Sendable, CaseIterable {
        /// The model stops, and what it had written is charged.
        case stops
        /// It writes to the end, and all of that is charged.
        case runsOn
    }

    /// Whose list holds.
    public var list: List
    /// The row's own prices, which go before the list's.
    public var prices: PriceList?
    /// What every price is multiplied with.
    public var multiplier: Multiplier
    /// Where the provider itself says what a call cost, which goes before all prices; nil where it does not.
    public var told: ToldCost?
    /// What becomes of a closed call; nil where the row says nothing of it.
    public var afterCancel: AfterCancel?
    /// Whether what its adapter tells of usage is an estimate of its own.
    public var isEstimated: Bool

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
        if let afterCancel { words.append("after cancel \(afterCancel.rawValue)") }
        if isEstimated { words.append("usage estimated") }
        return words
    }

    /// Creates the pricing of a row; without arguments of one that says nothing.
    public init(
        list: List = .host,
        prices: PriceList? = nil,
        multiplier: Multiplier = .one,
        told: ToldCost? = nil,
        afterCancel: AfterCancel? = nil,
        isEstimated: Bool = false
    ) {
        self.list = list
        self.prices = prices
        self.multiplier = multiplier
        self.told = told
        self.afterCancel = afterCancel
        self.isEstimated = isEstimated
    }
}

extension ProviderRow {
    /// Whether a call that is closed is charged to the end of what the model would have written.
    ///
    /// Amazon's Bedrock and Google's Vertex bill so, where their rows don't say otherwise.
    public var runsOnAfterCancel: Bool {
        if let afterCancel = pricing.afterCancel { return afterCancel == .runsOn }
        guard let address = endpoint?.baseURL else { return false }
        return address.contains("://bedrock-runtime") || address.contains("aiplatform.googleapis.com")
    }
}
