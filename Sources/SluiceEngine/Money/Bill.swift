import SluiceMoney
import SluiceProvider
import SluiceStore
import SluiceTypes

/// Says of one attempt what it used and cost, once it is known how that ended.
struct Bill: Sendable {
    let prices: PriceBook
    let permit: Permit
    /// When the attempt began: its prices are those of that moment.
    let startedAt: Timestamp
    /// What the request says of how it is to be made.
    let terms: [String: String]

    private var row: ProviderRow { permit.row }

    /// The model by the name that went to the provider.
    private var model: String { permit.upstream }

    /// The entry of an attempt; nil where nothing is charged for: nothing was sent, or it was refused.
    func entry(for end: AttemptResult.End, _ reply: ReplyAssembler) -> LedgerEntry? {
        if let usage = reply.usage { return entry(told: usage, reply) }
        if let cost = reply.cost { return entry(told: Usage(units: [:]), cost: .told(cost), reply) }
        switch end {
        case .finished, .unknown, .calledOff(sent: true):
            return prices.sources(of: row) == nil ? .free(of: .seen) : .seen
        case .failed, .unsent, .starved, .unusable, .passedOver, .calledOff(sent: false): return nil
        }
    }

    private func entry(told usage: Usage, _ reply: ReplyAssembler) -> LedgerEntry {
        guard let sources = prices.sources(of: row) else { return entry(told: usage, cost: .free, reply) }
        if let cost = reply.cost { return entry(told: usage, cost: .told(cost), reply) }
        let parts = usage.parts.map { UsageEntry(model: $0.model, units: $0.units) }
        let question = PriceQuestion(
            asked: model,
            answered: reply.model,
            at: startedAt,
            terms: CallTerms(answer: usage.terms, request: terms),
            entries: parts.isEmpty ? [UsageEntry(usage)] : parts,
            multiplier: row.pricing.multiplier
        )
        return entry(told: usage, cost: Pricer.price(question, from: sources), reply)
    }

    private func entry(told usage: Usage, cost answer: PriceAnswer, _ reply: ReplyAssembler) -> LedgerEntry {
        let price = answer.origin.map { origin in
            LedgerPrice(
                LedgerPrice.Origin(origin),
                version: answer.version,
                variant: answer.variant.isEmpty ? nil : answer.variant.joined(separator: " ")
            )
        }
        let low = answer.low.nanoUSD
        return LedgerEntry(
            basis: .told,
            units: .exactly(usage.units),
            raw: usage.raw,
            cost: answer.reason.map { .unpriced(reason: $0.description, low: low) } ?? .priced(low),
            price: price,
            // What has a price is counted, whatever the rest may come to.
            counted: low,
            served: reply.model == model ? nil : reply.model
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
