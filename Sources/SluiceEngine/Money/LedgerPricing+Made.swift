import SluiceMoney
import SluiceProvider
import SluiceStore
import SluiceTypes

extension LedgerPricing {
    /// What was told has this price.
    ///
    /// - Parameters:
    ///   - answer: what it costs, as far as that is known.
    ///   - row: whose answer it was.
    ///   - hold: what budgets see of it, in nano-USD, where something has no price and the rest is less.
    init(told answer: PriceAnswer, of row: ProviderRow, hold: @autoclosure () -> Int64) {
        let low = answer.low.nanoUSD
        self.init(
            cost: answer.reason.map { .unpriced(reason: $0.description, low: low) } ?? .priced(low),
            price: LedgerPrice(answer, of: row),
            counted: answer.reason == nil ? low : max(low, hold())
        )
    }

    /// Nobody has told what was used, or not all of it.
    ///
    /// - Parameters:
    ///   - quote: what the row's model costs.
    ///   - low: the price of what was told, in nano-USD.
    ///   - likely: what was likely used, by unit.
    ///   - high: the most that can have been used, by unit.
    ///   - row: whose answer it was.
    ///   - policy: how budgets count it.
    init(
        by quote: Quote,
        low: Int64,
        likely: [String: Int64],
        high: [String: Int64],
        of row: ProviderRow,
        _ policy: SpendPolicy
    ) {
        let usual = quote.cost(input: likely[Usage.Unit.input] ?? 0, output: likely[Usage.Unit.output] ?? 0)
        let dearest = quote.mostCost(
            input: high[Usage.Unit.input] ?? 0,
            output: high[Usage.Unit.output] ?? 0,
            searches: high[Usage.Unit.webSearches] ?? 0
        )
        let likely = max(low, usual.nanoUSD)
        let high = max(likely, dearest.nanoUSD)
        var counted = policy.isStrict || row.runsOnAfterCancel ? high : likely
        if !Promise.unknownCounted.holds { counted = 0 }
        self.init(cost: .unknown(low: low, likely: likely, high: high), price: nil, counted: counted)
    }
}

extension LedgerPrice {
    /// By which price an answer was priced; nil where none was found.
    fileprivate init?(_ answer: PriceAnswer, of row: ProviderRow) {
        guard let origin = answer.origin else { return nil }
        self.init(
            // Who counts by himself may be wrong.
            row.pricing.isEstimated && origin == .table ? .approximate : Origin(origin),
            version: answer.version,
            variant: answer.variant.isEmpty ? nil : answer.variant.joined(separator: " ")
        )
    }
}

extension LedgerPrice.Origin {
    fileprivate init(_ origin: PriceOrigin) {
        switch origin {
        case .table: self = .table
        case .approximate: self = .approximate
        case .set: self = .set
        case .row: self = .row
        case .told: self = .told
        case .free: self = .free
        }
    }
}
