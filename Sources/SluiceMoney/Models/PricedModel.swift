import SluiceTypes

/// A model, its names and its prices.
public struct PricedModel: Sendable {
    /// Its name in the table.
    public let id: String
    /// The most tokens that it reads and writes together; nil where nobody says.
    public let contextWindow: Int64?
    /// The most tokens that it writes; nil where nobody says.
    public let outputLimit: Int64?
    /// Its prices; of those that are valid the last counts.
    public let prices: [DatedPrices]
    /// What changes them; of those that fit the first counts, for each unit by itself.
    public let variants: [PriceVariant]
    /// Counts that are billed even where fewer were used, by unit; nothing for what wasn't used at all.
    public let least: [String: Int64]
    let clauses: [NameClause]

    init(
        id: String,
        clauses: [NameClause] = [],
        contextWindow: Int64? = nil,
        outputLimit: Int64? = nil,
        prices: [DatedPrices],
        variants: [PriceVariant] = [],
        least: [String: Int64] = [:]
    ) {
        self.id = id
        self.clauses = clauses
        self.contextWindow = contextWindow
        self.outputLimit = outputLimit
        self.prices = prices
        self.variants = variants
        self.least = least
    }

    /// How well a name in lower case fits the clauses.
    func fit(_ name: [UInt8]) -> NameFit {
        var best = NameFit.none
        for clause in clauses where best < .exact { best = max(best, clause.fit(name)) }
        return best
    }

    /// The prices of a call.
    ///
    /// - Throws: ``UnpricedReason`` where none is valid at that moment, or a term of the call is not known.
    func prices(at moment: Timestamp, terms: CallTerms, isBorrowed: Bool) throws(UnpricedReason) -> PriceChoice {
        guard let standard = prices.last(where: { $0.validity.holds(at: moment) }) else { throw .date }
        guard Promise.variantsCount.holds else { return PriceChoice(prices: standard.prices, variant: []) }
        let fitting = isBorrowed ? [] : variants.filter { $0.validity.holds(at: moment) && $0.fits(terms) }
        var words: [String] = []
        for (name, value) in terms.special {
            // What isn't known of this model may cost more: never the standard price.
            guard fitting.contains(where: { $0.terms[name] == value }) else { throw .tier(name, value) }
            words.append("\(name)=\(value)")
        }
        var choice = UnitPrices()
        for variant in fitting { choice.fill(from: variant.prices) }
        choice.fill(from: standard.prices)
        if let hours = standard.validity.hours { words.append("hours=\(hours)") }
        return PriceChoice(prices: choice, variant: words)
    }
}
