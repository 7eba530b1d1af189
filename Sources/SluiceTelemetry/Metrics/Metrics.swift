package import SluiceEngine
import SluiceStore
import SluiceTypes
import Synchronization

/// Counts what happens: this process's counters since its start.
///
/// No text of a caller's or a provider's is a label. Models have names of their own where a row or a table of prices has them,
/// owners theirs; the first 200 of each keep their series.
package final class Metrics: Observer {
    /// How many series there may be of each kind.
    ///
    /// With all of them, and their buckets, there are fewer than 10,000.
    enum Most {
        static let rows = 100
        static let names = 200
        static let pairs = 400
        static let inferences = 50
    }

    struct State: Sendable {
        var catalogue: [String: CatalogueRow] = [:]
        var rows = NameBook(Most.rows)
        var models = NameBook(Most.names)
        var accepted: [AcceptedKey: Int] = [:]
        var ended: [EndedKey: Int] = [:]
        var queueWait: [Lane: Histogram] = [:]
        var attempts: [AttemptKey: Int] = [:]
        var possiblyCharged: [String: Int] = [:]
        var overhead = Histogram(Histogram.brief)
        var stored = Histogram(Histogram.brief)
        var flush = Histogram(Histogram.brief)
        var group = Histogram(Histogram.groups)
        var joined = 0
        var replayed = 0
        var refusals: [String: Int] = [:]
        var cost = Bounded<ModelKey, Int64>(Most.pairs, rest: ModelKey(provider: NameBook.other, model: NameBook.other))
        var costByOwner = Bounded<OwnerID?, Int64>(Most.names, rest: nil)
        var unknown = (low: Int64(0), likely: Int64(0), high: Int64(0))
        var unpriced: [String: Int] = [:]
        var ignored = 0
        var inferences = Bounded<InferenceKey, Inference>(
            Most.inferences,
            rest: InferenceKey(operation: nil, provider: NameBook.other, requested: NameBook.other)
        )

        /// How often something had no place of its own.
        var refused: Int { rows.refused + models.refused + cost.refused + costByOwner.refused + inferences.refused }
    }

    private let state = Mutex(State())
    let version: String
    /// Nil where nothing is sent to a collector.
    let exports: ExportTally?

    /// - Parameters:
    ///   - version: what `sluice_build_info` tells.
    ///   - exports: what was not delivered to a collector.
    package init(version: String, _ exports: ExportTally? = nil) {
        self.version = version
        self.exports = exports
    }

    package func note(_ observed: Observed) {
        state.withLock { state in
            switch observed {
            case .catalogue(let rows):
                state.catalogue = Dictionary(rows.map { ($0.name, $0) }) { first, _ in first }
            case .committed(let news): state.note(news)
            case .stored(let duration): state.stored.add(duration.seconds)
            case .asked(let duration): state.overhead.add(duration.seconds)
            case .replayed: state.replayed += 1
            case .joined: state.joined += 1
            case .refused(let refusal): state.refusals[refusal.limitWord, default: 0] += 1
            case .answered: break
            }
        }
    }

    var current: State { state.withLock { $0 } }
}

extension Metrics.State {
    fileprivate mutating func note(_ news: CommitNews) {
        if news.flush > .zero {
            flush.add(news.flush.seconds)
            group.add(Double(news.operations))
        }
        ignored += news.ignored
        for move in news.moves { note(move) }
        for ending in news.attempts { note(ending) }
        for posting in news.postings { note(posting) }
    }

    private mutating func note(_ move: JobMove) {
        let kind = move.kind
        if move.from == nil {
            accepted[AcceptedKey(surface: kind.surface, lane: kind.group.lane), default: 0] += 1
        }
        if move.to.isTerminal { ended[EndedKey(state: move.to, errorClass: move.errorClass), default: 0] += 1 }
        if let waited = move.waited {
            queueWait[kind.group.lane, default: Histogram(Histogram.queue)].add(max(.zero, waited).seconds)
        }
    }

    private mutating func note(_ ending: AttemptEnding) {
        let provider = rows.place(of: ending.row)
        attempts[AttemptKey(provider: provider, outcome: ending.outcome), default: 0] += 1
        if ending.outcome.isPossiblyCharged { possiblyCharged[provider, default: 0] += 1 }
        // What was never sent, or only put off, is no inference.
        switch ending.outcome {
        case .released, .deferred: return
        case .ok, .failed, .late, .unknown, .cancelled, .interrupted: break
        }
        let isPriced = ending.entry?.price?.origin.namesModel == true
        let key = InferenceKey(
            operation: ending.operation,
            provider: provider,
            requested: name(of: ending.model, at: ending.row, isPriced: isPriced),
            served: ending.entry?.served.map { name(of: $0, at: ending.row, isPriced: isPriced) },
            errorClass: ending.outcome == .ok ? nil : ending.errorClass ?? .unknown
        )
        inferences.change(key, from: Inference()) { $0.add(ending) }
    }

    private mutating func note(_ posting: LedgerPosting) {
        let difference = posting.difference
        let model = name(of: posting.model, at: posting.provider, isPriced: posting.isModelPriced)
        // Nothing takes a price back but a run of new prices, and those are told by the ledger alone.
        if difference.cost > 0 {
            cost.add(difference.cost, to: ModelKey(provider: rows.place(of: posting.provider), model: model))
            costByOwner.add(difference.cost, to: posting.owner)
        }
        if difference.unpriced > 0 { unpriced[model, default: 0] += 1 }
        guard difference.unknown > 0 else { return }
        unknown.low = LedgerSums.add(unknown.low, difference.low)
        unknown.likely = LedgerSums.add(unknown.likely, difference.likely)
        unknown.high = LedgerSums.add(unknown.high, difference.high)
    }

    /// The label of a model: its name where a row or a table of prices has it, since any other may be a caller's invention.
    private mutating func name(of model: String, at row: String, isPriced: Bool) -> String {
        guard isPriced || catalogue[row]?.models.contains(model) == true else { return NameBook.other }
        return models.place(of: model)
    }
}

extension LimitRefusal {
    /// The limit's word, as in `sluice owner limit`.
    var limitWord: String {
        switch reason {
        case .requests: SpendingLimits.Kind.rpm.rawValue
        case .tokens: SpendingLimits.Kind.tpm.rawValue
        case .atOnce: SpendingLimits.Kind.atOnce.rawValue
        case .spent, .tooLittle, .held: SpendingLimits.Kind.budget.rawValue
        case .never(let kind): kind.rawValue
        case .notPriced: "unpriced"
        case .queueFull: SpendingLimits.Kind.queued.rawValue
        case .notRecorded: "recording"
        case .ownerDisabled: "disabled"
        }
    }
}
