import SluiceJSON
import SluiceMoney
import SluiceProvider
import SluiceStore
import SluiceTypes

/// Says of one attempt what it used and cost, once it is known how that ended.
struct Bill: Sendable {
    let estimator: Estimator
    let permit: Permit
    let job: ClaimedJob
    let policy: SpendPolicy
    /// What went to the provider; nil where nothing did.
    let asked: Document?

    private var row: ProviderRow { permit.row }

    /// The model by the name that went to the provider.
    private var model: String { permit.upstream }

    /// When the attempt began: its prices are those of that moment.
    private var startedAt: Timestamp { job.start.startedAt }

    /// The entry of an attempt; nil where nothing is charged for: nothing was sent, or it was refused.
    func entry(for end: AttemptResult.End, _ reply: ReplyAssembler) -> LedgerEntry? {
        if let usage = reply.usage, reply.isUsageWhole {
            estimator.note(job.facts, model, usage)
            return entry(told: usage, reply)
        }
        if let cost = reply.cost, reply.finish != nil {
            return entry(told: reply.usage ?? Usage(units: [:]), cost: .told(cost), reply)
        }
        switch end {
        case .finished, .unknown, .calledOff(sent: true): return unknown(reply)
        case .failed, .unsent, .starved, .unusable, .passedOver, .calledOff(sent: false): return nil
        }
    }

    // MARK: Told

    private func entry(told usage: Usage, _ reply: ReplyAssembler) -> LedgerEntry {
        guard let sources = estimator.prices.sources(of: row) else {
            return entry(told: usage, cost: .free, reply)
        }
        if let cost = reply.cost { return entry(told: usage, cost: .told(cost), reply) }
        return entry(told: usage, cost: Pricer.price(question(usage, reply), from: sources), reply)
    }

    private func question(_ usage: Usage, _ reply: ReplyAssembler) -> PriceQuestion {
        let parts = usage.parts.map { UsageEntry(model: $0.model, units: $0.units) }
        return PriceQuestion(
            asked: model,
            answered: reply.model,
            at: startedAt,
            terms: terms(usage),
            entries: parts.isEmpty ? [UsageEntry(usage)] : parts,
            multiplier: row.pricing.multiplier
        )
    }

    /// How the call was made: as the answer tells it, else the request.
    private func terms(_ usage: Usage?) -> CallTerms {
        var request: [String: String] = [:]
        for name in Usage.termNames { request[name] = asked?.root[key: name]?.string }
        return CallTerms(answer: usage?.terms ?? [:], request: request)
    }

    private func entry(told usage: Usage, cost answer: PriceAnswer, _ reply: ReplyAssembler) -> LedgerEntry {
        let pricing = LedgerPricing(told: answer, of: row, hold: unpricedHold)
        return LedgerEntry(
            basis: .told,
            units: .exactly(usage.units),
            raw: usage.raw,
            cost: pricing.cost,
            price: pricing.price,
            counted: pricing.counted,
            served: reply.model == model ? nil : reply.model,
            terms: LedgerEntry.terms(terms(usage)),
            parts: usage.parts
        )
    }

    /// What is counted of a call without a price, unless what of it has one is more.
    private var unpricedHold: Int64 {
        guard case .hold = policy.unpriced else { return 0 }
        // What was set aside for it, where it seemed to have a price.
        if let stake = job.start.stake { return stake.counted }
        return estimator.unpricedHold(policy, row, [:], at: startedAt)
    }

    // MARK: Not told

    /// What an answer cost whose usage nobody told, or not all of it: between what and what, by what came.
    private func unknown(_ reply: ReplyAssembler) -> LedgerEntry {
        let told = reply.usage
        let terms = terms(told)
        let prices = estimator.prices
        let quote = prices.quote(
            row,
            model,
            answered: reply.model,
            terms: terms,
            at: startedAt,
            writes: job.facts.writes
        )
        guard let quote else { return .free(of: .seen) }
        let limit = if case .success(let quote) = quote { quote.outputLimit } else { Quote.usualLimit }
        let units = units(reply, limit: limit)
        let pricing: LedgerPricing
        switch quote {
        case .failure(let reason):
            let cost = LedgerCost.unpriced(reason: reason.description, low: 0)
            pricing = LedgerPricing(cost: cost, price: nil, counted: unpricedHold)
        case .success(let quote):
            let low = told.map { lowest(of: $0, reply) } ?? 0
            pricing = LedgerPricing(by: quote, low: low, likely: units.likely, high: units.high, of: row, policy)
        }
        return LedgerEntry(
            basis: .seen,
            units: .between(low: told?.units ?? [:], likely: units.likely, high: units.high),
            raw: told?.raw ?? [],
            cost: pricing.cost,
            price: pricing.price,
            counted: pricing.counted,
            served: reply.model == model ? nil : reply.model,
            terms: LedgerEntry.terms(terms),
            parts: told?.parts ?? []
        )
    }

    /// The price of what was told.
    private func lowest(of usage: Usage, _ reply: ReplyAssembler) -> Int64 {
        guard let sources = estimator.prices.sources(of: row) else { return 0 }
        return max(0, Pricer.price(question(usage, reply), from: sources).low.nanoUSD)
    }

    /// What was likely used, and the most that can have been.
    private func units(
        _ reply: ReplyAssembler,
        limit: Int64
    ) -> (likely: [String: Int64], high: [String: Int64]) {
        var size = job.facts.size
        // What a thread's earlier turns are has been put in since.
        if job.ancestry != nil, let asked { size = RequestSize(of: asked) }
        var (likely, high) = estimator.units(job.facts, model, size, limit: limit)
        let told = reply.usage?.units ?? [:]
        if let input = told[Usage.Unit.input], (0...Bill.mostTokens).contains(input) {
            likely[Usage.Unit.input] = input
            high[Usage.Unit.input] = max(input, size.mostInput)
        }
        guard job.facts.writes else { return (likely, high) }
        let written = (0...Bill.mostTokens).contains(told.output) ? told.output : 0
        if reply.contentBytes > 0 {
            let thinking = min(estimator.history(job.owner, model).reasoning, Bill.mostReasoning)
            let seen = Double(reply.contentBytes) / Bill.bytesPerToken * Bill.outputMargin / (1 - thinking)
            likely[Usage.Unit.output] = max(written, min(Int64(seen.rounded(.up)), high.output))
        }
        high[Usage.Unit.output] = max(high.output, likely.output)
        return (likely, high)
    }

    /// What is told beyond this can't be.
    private static let mostTokens: Int64 = 100_000_000
    private static let bytesPerToken = 3.0
    /// What came may be a little more than what is known to have come.
    private static let outputMargin = 1.3
    /// However much a model thinks, something of what it writes is seen.
    private static let mostReasoning = 0.95
}

extension [String: Int64] {
    fileprivate var input: Int64 { self[Usage.Unit.input] ?? 0 }
    fileprivate var output: Int64 { self[Usage.Unit.output] ?? 0 }
}

extension LedgerEntry {
    /// What of a call's terms a line keeps: what it may be priced anew by.
    fileprivate static func terms(_ terms: CallTerms) -> [String: String] {
        Dictionary(terms.special.map { ($0.name, $0.value) }) { first, _ in first }
    }
}
