import SluiceMoney
import SluiceProvider
import SluiceStore
import SluiceTypes
import Synchronization

/// Says what an attempt may use and cost before anybody knows, by how large its request is and by what its model has answered
/// the same owner before.
final class Estimator: Sendable {
    let prices: PriceBook
    private let histories = Mutex<[Key: AnswerHistory]>([:])

    private struct Key: Hashable {
        let owner: OwnerID
        let model: String
    }

    /// Of so many owners and models is known how their answers were; beyond that all is learned anew.
    private static let mostHistories = 2048
    /// What is set aside for an answer of which nothing is known.
    private static let unknownOutput: Int64 = 4096
    /// Nothing shorter is set aside for an answer.
    private static let leastOutput: Int64 = 1024

    /// Nothing longer is an answer, whatever a file says.
    private static let mostOutput: Int64 = 100_000_000

    init(_ prices: PriceBook) {
        self.prices = prices
    }

    /// What a job may use and cost on a row, as who has that `policy` counts it.
    func stake(
        _ job: JobFacts,
        on row: ProviderRow,
        _ model: String,
        at moment: Timestamp,
        _ policy: SpendPolicy
    ) -> AttemptStake {
        let quote: Quote
        switch prices.quote(row, model, at: moment, writes: job.writes) {
        case nil: return .free
        case .failure(let reason)?:
            let units = units(job, model, job.size, limit: Quote.usualLimit)
            let cost = AttemptStake.Cost.unpriced(reason: reason.description)
            let counted = unpricedHold(policy, row, units.likely, at: moment)
            return AttemptStake(likely: units.likely, high: units.high, cost: cost, counted: counted)
        case .success(let known)?: quote = known
        }
        let units = units(job, model, job.size, limit: quote.outputLimit)
        let hold = quote.cost(input: units.likely[Usage.Unit.input] ?? 0, output: units.likely[Usage.Unit.output] ?? 0)
            .nanoUSD
        let high = quote.mostCost(
            input: units.high[Usage.Unit.input] ?? 0,
            output: units.high[Usage.Unit.output] ?? 0,
            searches: job.size.searches
        ).nanoUSD
        let bounds = (hold: min(hold, high), high: high)
        return AttemptStake(
            likely: units.likely,
            high: units.high,
            cost: .priced(hold: bounds.hold, high: bounds.high),
            counted: policy.isStrict || row.runsOnAfterCancel ? bounds.high : bounds.hold
        )
    }

    /// What a call without a price counts, in nano-USD.
    func unpricedHold(
        _ policy: SpendPolicy,
        _ row: ProviderRow,
        _ likely: [String: Int64],
        at moment: Timestamp
    ) -> Int64 {
        guard case .hold(let amount) = policy.unpriced else { return 0 }
        return amount
            ?? prices.dearest(row, at: moment)?.cost(
                input: likely[Usage.Unit.input] ?? 0,
                output: likely[Usage.Unit.output] ?? 0
            ).nanoUSD ?? 0
    }

    /// What a request of that size uses, likely and at most; `limit` is what the model writes at most.
    func units(
        _ job: JobFacts,
        _ model: String,
        _ size: RequestSize,
        limit: Int64
    ) -> (likely: [String: Int64], high: [String: Int64]) {
        let history = history(job.owner, model)
        let read = Int64((Double(size.input) * history.ratio).rounded(.up))
        var likely = [Usage.Unit.input: read]
        var high = [Usage.Unit.input: max(read, size.mostInput)]
        if job.writes {
            let most = min(size.mostOutput ?? limit, Estimator.mostOutput)
            let usual = max(Estimator.leastOutput, history.usualOutput ?? Estimator.unknownOutput)
            likely[Usage.Unit.output] = min(most, usual) * size.answers
            high[Usage.Unit.output] = most * size.answers
        }
        if size.searches > 0 { high[Usage.Unit.webSearches] = size.searches }
        return (likely, high)
    }

    /// What is known of an owner's answers of a model.
    func history(_ owner: OwnerID, _ model: String) -> AnswerHistory {
        histories.withLock { $0[Key(owner: owner, model: model)] } ?? AnswerHistory()
    }

    /// An answer told what was used.
    func note(_ job: JobFacts, _ model: String, _ usage: Usage) {
        let key = Key(owner: job.owner, model: model)
        // A thread's earlier turns are no part of what was measured.
        let estimated = job.ancestry == nil ? job.size.input : 0
        histories.withLock { histories in
            if histories.count >= Estimator.mostHistories, histories[key] == nil { histories.removeAll() }
            histories[key, default: AnswerHistory()].note(
                estimated: estimated,
                input: usage.promptTokens,
                output: usage.completionTokens,
                reasoning: usage.units[Usage.Unit.reasoning] ?? 0
            )
        }
    }
}

extension JobFacts {
    /// Whether its answers have tokens of their own.
    var writes: Bool { operation != .embedding }
}
