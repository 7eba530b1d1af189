import SluiceMoney
import SluiceProvider
import SluiceStore
import SluiceTypes

/// Prices lines of the ledger anew: by the tables and the rows of now, at the prices of the moment at which each attempt began.
struct LinePricer: Sendable {
    /// What becomes of a line.
    enum Verdict: Sendable, Hashable {
        case changed(LedgerPricing)
        /// It costs what it says.
        case same
        /// The provider itself has said what it costs.
        case told
        /// Its row is not in the file any more, so that nobody knows by whose prices it went.
        case noRow
        /// Nothing is known of what was used, or nothing was.
        case nothing
    }

    let estimator: Estimator
    /// By their names.
    let rows: [String: ProviderRow]
    /// How an owner's calls, and a token's, are counted.
    let policy: @Sendable (OwnerID, TokenID?) -> SpendPolicy

    /// Says what becomes of a line.
    func verdict(_ line: LedgerLine) -> Verdict {
        let entry = line.entry
        guard entry.price?.origin != .told else { return .told }
        guard let row = rows[line.key.provider] else { return .noRow }
        guard !entry.parts.contains(where: \.units.isEmpty) else { return .nothing }
        let pricing: LedgerPricing?
        switch entry.units {
        case .exactly(let units): pricing = units.isEmpty ? nil : price(units, of: line, row)
        case .between(let low, let likely, let high):
            pricing = likely.isEmpty ? nil : price(low, likely, high, of: line, row)
        }
        guard let pricing else { return .nothing }
        // What is held for a call without a price is as good as it was.
        if case .unpriced(let reason, let low) = entry.cost, pricing.cost == .unpriced(reason: reason, low: low) {
            return .same
        }
        return pricing == entry.pricing ? .same : .changed(pricing)
    }

    private func price(_ units: [String: Int64], of line: LedgerLine, _ row: ProviderRow) -> LedgerPricing {
        let answer =
            estimator.prices.sources(of: row).map { Pricer.price(question(line, row, units), from: $0) } ?? .free
        return LedgerPricing(told: answer, of: row, hold: hold(units, of: line, row))
    }

    private func price(
        _ told: [String: Int64],
        _ likely: [String: Int64],
        _ high: [String: Int64],
        of line: LedgerLine,
        _ row: ProviderRow
    ) -> LedgerPricing {
        let quote = estimator.prices.quote(
            row,
            line.key.model,
            answered: line.entry.served,
            terms: CallTerms(answer: line.entry.terms),
            at: line.key.at,
            writes: high[Usage.Unit.output] != nil
        )
        switch quote {
        case nil: return LedgerPricing(told: .free, of: row, hold: 0)
        case .failure(let reason)?:
            let cost = LedgerCost.unpriced(reason: reason.description, low: 0)
            return LedgerPricing(cost: cost, price: nil, counted: hold(likely, of: line, row))
        case .success(let quote)?:
            let low = told.isEmpty ? 0 : max(0, price(told, of: line, row).cost.low)
            return LedgerPricing(
                by: quote,
                low: low,
                likely: likely,
                high: high,
                of: row,
                policy(line.key.owner, line.key.token)
            )
        }
    }

    private func question(_ line: LedgerLine, _ row: ProviderRow, _ units: [String: Int64]) -> PriceQuestion {
        let parts = line.entry.parts.map { UsageEntry(model: $0.model, units: $0.units) }
        return PriceQuestion(
            asked: line.key.model,
            answered: line.entry.served,
            at: line.key.at,
            terms: CallTerms(answer: line.entry.terms),
            entries: parts.isEmpty ? [UsageEntry(units: units)] : parts,
            multiplier: row.pricing.multiplier
        )
    }

    /// What is counted of a call without a price.
    private func hold(_ units: [String: Int64], of line: LedgerLine, _ row: ProviderRow) -> Int64 {
        estimator.unpricedHold(policy(line.key.owner, line.key.token), row, units, at: line.key.at)
    }
}
