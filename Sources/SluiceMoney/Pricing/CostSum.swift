/// The cost of a call while its entries are added up.
struct CostSum {
    private var pico: Int128 = 0
    private var reason: UnpricedReason?
    private var origin: PriceOrigin?
    private var model: String?
    private var version: String?
    private var variant: [String] = []

    mutating func add(_ entry: UsageEntry, of question: PriceQuestion, from sources: PriceSources, isFirst: Bool) {
        do throws(UnpricedReason) {
            var names = [question.asked]
            if let answered = entry.model ?? question.answered, answered != question.asked {
                names.insert(answered, at: 0)
            }
            let (found, known) = try sources.find(names, at: question.moment)
            if model == nil { (model, version) = (found.model.id, found.version) }
            origin = origin.map { $0.isKnownBetter(than: known) ? known : $0 } ?? known
            let choice = try found.model.prices(
                at: question.moment,
                terms: question.terms,
                isBorrowed: found.isBorrowed
            )
            var units = entry.units
            // A call is one, however many models had a part in it.
            if isFirst, choice.prices.byUnit[UnitCost.requests] != nil, units[UnitCost.requests] == nil {
                units[UnitCost.requests] = 1
            }
            let cost = try UnitCost(units, prices: choice.prices, least: found.model.least)
            let (total, overflow) = pico.addingReportingOverflow(cost.pico)
            guard !overflow else { throw .absurd }
            pico = total
            for word in choice.variant + cost.tiers where !variant.contains(word) { variant.append(word) }
            if let unit = cost.unpriced { throw .unit(unit) }
        } catch {
            // What can't be is the worst that can be said of a call.
            if reason == nil || error == .absurd { reason = error }
        }
    }

    func answer(times multiplier: Multiplier) -> PriceAnswer {
        // Pico to nano is a thousand, and the multiplier counts ten thousandths.
        let (product, overflow) = pico.multipliedReportingOverflow(by: Int128(multiplier.tenThousandths))
        let nano = overflow ? nil : Int64(exactly: product.dividedHalfEven(by: 10_000_000))
        let reason = nano == nil ? .absurd : reason
        let cost = Money(nanoUSD: reason == .absurd ? 0 : nano ?? 0)
        return PriceAnswer(
            cost: reason == nil ? cost : nil,
            reason: reason,
            low: cost,
            origin: origin,
            version: version,
            model: model,
            variant: variant
        )
    }
}

extension PriceOrigin {
    /// Of a call with several entries the least known one is told.
    fileprivate func isKnownBetter(than other: PriceOrigin) -> Bool {
        let order: [PriceOrigin] = [.approximate, .table, .row, .set, .told, .free]
        return (order.firstIndex(of: self) ?? 0) > (order.firstIndex(of: other) ?? 0)
    }
}
