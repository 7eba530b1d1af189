import SluiceStore
import SluiceTypes

/// What an attempt needs of its owner's limits.
struct LimitNeed: Sendable {
    var job: JobID
    /// The attempt's.
    var epoch: Int64
    /// The epoch with which the call's claim began.
    var claim: Int64
    /// The tokens that it likely has, read and written.
    var tokens: Int64
    /// Nano-USD that are set aside for it.
    var money: Int64
    /// Of its own row, where that has no price for it that the limits take; see ``LimitRefusal/Reason/notPriced(model:row:)``.
    var lacksPrice: (model: String, row: String)?
    /// Whether it is a request of its own, and not one more attempt of one that was let through.
    var isFirst: Bool

    init(_ job: JobID, epoch: Int64, of claim: Int64, _ start: AttemptStart, _ policy: SpendPolicy) {
        let stake = start.stake ?? .free
        self.job = job
        self.epoch = epoch
        self.claim = claim
        isFirst = epoch == claim
        tokens = stake.likely.reduce(0) { sum, unit in
            [Usage.Unit.input, Usage.Unit.output].contains(unit.key) ? sum + unit.value : sum
        }
        switch stake.cost {
        case .free: money = 0
        case .priced(let hold, let high): money = policy.isStrict ? high : hold
        case .unpriced: money = stake.counted
        }
        switch (policy.unpriced, stake.cost) {
        case (.refuse, .unpriced), (.exact, .unpriced): lacksPrice = (start.model, start.row)
        default: break
        }
    }
}
