import SluiceMoney
import SluiceStore
import SluiceTypes

/// What an owner, or a token, may do and has used: a plain value, asked under a lock.
struct Purse: Sendable {
    private(set) var limits: SpendingLimits
    private let isToken: Bool
    private var requests: TokenBucket?
    private var tokens: TokenBucket?
    /// The window that is now; nil without a budget.
    private(set) var window: BudgetWindow?
    /// Nano-USD that were counted in it.
    private(set) var spent: Int64 = 0
    /// What is set aside for attempts under way.
    private(set) var holds: [JobID: (claim: Int64, epoch: Int64, amount: Int64)] = [:]
    private(set) var held: Int64 = 0
    /// What was taken from the tokens' bucket for attempts under way.
    private var taken: [JobID: Int64] = [:]
    /// The calls and jobs under way, with the epochs of their claims.
    private(set) var underWay: [JobID: Int64] = [:]
    /// How often somebody would have been refused by a limit that is tried.
    private(set) var trials: [SpendingLimits.Kind: Int] = [:]

    init(_ limits: SpendingLimits, isToken: Bool, at uptime: Duration, used: (requests: Int64, tokens: Int64) = (0, 0))
    {
        self.limits = limits
        self.isToken = isToken
        requests = limits.requestsPerMinute.map { TokenBucket($0, used: used.requests, at: uptime) }
        tokens = limits.tokensPerMinute.map { TokenBucket($0, used: used.tokens, at: uptime) }
    }

    /// Takes other limits: what was used within the last minute, and what is under way, stays so.
    mutating func change(_ limits: SpendingLimits, at uptime: Duration) {
        let (old, new) = (self.limits, limits)
        self.limits = limits
        requests = new.requestsPerMinute.map { requests?.resized(to: $0, at: uptime) ?? TokenBucket($0, at: uptime) }
        tokens = new.tokensPerMinute.map { tokens?.resized(to: $0, at: uptime) ?? TokenBucket($0, at: uptime) }
        if old.budget?.period != new.budget?.period || old.budget?.since != new.budget?.since { window = nil }
        if new.budget == nil { (window, spent) = (nil, 0) }
    }

    // MARK: Money

    /// Moves on to the window of a moment; one that has begun is never gone back from.
    mutating func move(to moment: Timestamp) {
        guard let budget = limits.budget else { return }
        let next = budget.window(at: moment)
        guard let window else {
            self.window = next
            return
        }
        guard next.begin > window.begin || next.begin != window.begin && !Promise.windowsGoForward.holds else { return }
        self.window = next
        spent = 0
    }

    /// What the store has added up.
    mutating func note(spent: Int64, in window: BudgetWindow) {
        guard limits.budget != nil else { return }
        if let known = self.window, window.begin < known.begin { return }
        self.window = window
        self.spent = spent
    }

    /// What is left; nil without a budget.
    var left: Int64? { limits.budget.map { max(0, $0.amount - spent) } }

    // MARK: Judging

    /// Why a call may not pass now; nil where it may.
    ///
    /// What a limit that is only tried would have refused is counted where the call `begins`, and not where that is merely asked.
    mutating func judge(
        _ need: LimitNeed,
        at uptime: Duration,
        now: Timestamp,
        isRecorded: Bool,
        begins: Bool = true
    ) -> LimitRefusal? {
        move(to: now)
        for kind in SpendingLimits.Kind.allCases {
            guard let refusal = refusal(kind, need, at: uptime, now: now, isRecorded: isRecorded) else { continue }
            guard limits.onTrial.contains(kind) else { return refusal }
            if need.isFirst, begins { trials[kind, default: 0] += 1 }
        }
        return nil
    }

    private func refusal(
        _ kind: SpendingLimits.Kind,
        _ need: LimitNeed,
        at uptime: Duration,
        now: Timestamp,
        isRecorded: Bool
    ) -> LimitRefusal? {
        switch kind {
        case .budget: budgetRefusal(need, now: now, isRecorded: isRecorded)
        case .atOnce: takes(need) ? atOnceRefusal() : nil
        case .rpm:
            takes(need) ? requests.flatMap { refusal(.requests, of: kind, $0, 1, "requests", uptime, now) } : nil
        case .tpm:
            takes(need) ? tokens.flatMap { refusal(.tokens, of: kind, $0, need.tokens, "tokens", uptime, now) } : nil
        // They are asked where a job comes in: see ``QueueRoom``.
        case .queued, .queuedBytes: nil
        }
    }

    /// Whether a call is one more: a claim that was rolled back, and is made once more, takes nothing again.
    private func takes(_ need: LimitNeed) -> Bool { need.isFirst && underWay[need.job] != need.claim }

    private func atOnceRefusal() -> LimitRefusal? {
        guard let most = limits.atOnce, underWay.count >= most else { return nil }
        let words = "\(most) calls at once"
        guard most > 0 else { return LimitRefusal(reason: .never(.atOnce), isToken: isToken, limit: words) }
        return LimitRefusal(reason: .atOnce, isToken: isToken, limit: words, wait: .seconds(1))
    }

    private func refusal(
        _ reason: LimitRefusal.Reason,
        of kind: SpendingLimits.Kind,
        _ bucket: TokenBucket,
        _ count: Int64,
        _ name: String,
        _ uptime: Duration,
        _ now: Timestamp
    ) -> LimitRefusal? {
        let wait = bucket.wait(for: count, at: uptime)
        if wait == .zero { return nil }
        let words = "\(bucket.size) \(name) a minute"
        let need = count == 1 ? nil : "about \(count) \(name)"
        guard let wait else {
            return LimitRefusal(reason: .never(kind), isToken: isToken, limit: words, need: need)
        }
        let left = "\(bucket.left(at: uptime)) \(name)"
        return LimitRefusal(
            reason: reason,
            isToken: isToken,
            limit: words,
            need: need,
            left: left,
            resetAt: now.adding(wait),
            wait: wait,
            spacing: .seconds(60) * Double(count) / Double(bucket.size)
        )
    }

    private func budgetRefusal(_ need: LimitNeed, now: Timestamp, isRecorded: Bool) -> LimitRefusal? {
        guard let budget = limits.budget else { return lacksPrice(need) }
        if isRecorded, let lacking = lacksPrice(need) { return lacking }
        guard let reason = reason(against: need, budget, isRecorded: isRecorded) else { return nil }
        // Words are for those alone who are refused.
        let words = "\(Money(nanoUSD: budget.amount)) USD \(budget.period.words)"
        var refusal = LimitRefusal(reason: reason, isToken: isToken, limit: words)
        switch reason {
        case .notRecorded: return refusal
        case .held: refusal.wait = .seconds(5)
        case .spent, .tooLittle:
            refusal.resetAt = window?.end
            refusal.wait = window?.end.map { max(.zero, $0.since(now)) }
        default: break
        }
        refusal.need = "about \(Money(nanoUSD: need.money)) USD"
        if case .never = reason { return refusal }
        refusal.left = "\(Money(nanoUSD: max(0, budget.amount - spent))) USD"
        return refusal
    }

    /// Why what is left of a budget does not suffice; nil where it does.
    private func reason(
        against need: LimitNeed,
        _ budget: SpendingLimits.Budget,
        isRecorded: Bool
    ) -> LimitRefusal.Reason? {
        guard isRecorded else { return .notRecorded }
        guard need.money > 0 || spent >= budget.amount else { return nil }
        guard need.money <= budget.amount else { return .never(.budget) }
        if spent >= budget.amount { return .spent }
        let own = Int128(spent) + Int128(need.money)
        if own > Int128(budget.amount) { return .tooLittle }
        // What is set aside for the same call before is exchanged, and not added.
        let others = Int128(held) - Int128(holds[need.job]?.amount ?? 0)
        guard own + others > Int128(budget.amount) else { return nil }
        return .held(by: holds.count - (holds[need.job] == nil ? 0 : 1))
    }

    private func lacksPrice(_ need: LimitNeed) -> LimitRefusal? {
        guard let lacking = need.lacksPrice else { return nil }
        let reason = LimitRefusal.Reason.notPriced(model: lacking.model, row: lacking.row)
        return LimitRefusal(reason: reason, isToken: isToken, limit: "models with a price")
    }

    /// A limit of the queue that is tried would have refused a job.
    mutating func noteTrial(_ kind: SpendingLimits.Kind) {
        trials[kind, default: 0] += 1
    }

    // MARK: Under way

    /// A call passes: what it needs is taken.
    mutating func begin(_ need: LimitNeed, at uptime: Duration) {
        if takes(need) {
            requests?.take(1, at: uptime)
            tokens?.take(need.tokens, at: uptime)
            taken[need.job] = need.tokens
            underWay[need.job] = need.claim
        }
        guard limits.budget != nil, Promise.holdTaken.holds else { return }
        held = LedgerSums.add(held, need.money - (holds[need.job]?.amount ?? 0))
        holds[need.job] = (need.claim, need.epoch, need.money)
    }

    /// Why a request that is no call of its own, such as a count of tokens, may not pass now.
    mutating func judgeRequest(at uptime: Duration, now: Timestamp) -> LimitRefusal? {
        guard let requests, let refusal = refusal(.requests, of: .rpm, requests, 1, "requests", uptime, now) else {
            return nil
        }
        guard limits.onTrial.contains(.rpm) else { return refusal }
        trials[.rpm, default: 0] += 1
        return nil
    }

    /// A request that is no call of its own passes.
    mutating func takeRequest(at uptime: Duration) {
        requests?.take(1, at: uptime)
    }

    /// Nothing is set aside for an attempt any more: what it cost was counted.
    mutating func release(_ job: JobID, epoch: Int64 = .max) {
        guard let hold = holds[job], hold.epoch <= epoch, Promise.holdReleased.holds else { return }
        holds[job] = nil
        held = max(0, held - hold.amount)
    }

    /// It is known what an attempt has used.
    mutating func correct(_ job: JobID, used: Int64, at uptime: Duration) {
        guard let estimated = taken[job], used >= 0 else { return }
        tokens?.take(used - estimated, at: uptime)
        taken[job] = used
    }

    /// A claim is over; the job's next one may have begun.
    mutating func end(_ job: JobID, of claim: Int64) {
        if holds[job]?.claim == claim { release(job) }
        guard underWay[job] == claim else { return }
        underWay[job] = nil
        taken[job] = nil
    }

    /// Whether anything is set aside for a job, or it is under way.
    func knows(_ job: JobID) -> Bool { holds[job] != nil || underWay[job] != nil }

    /// What is said of the rates to who has them: of requests, then of tokens.
    func rates(at uptime: Duration) -> [RateState] {
        [("requests", requests), ("tokens", tokens)].compactMap { name, bucket in
            bucket.map { RateState(name: name, limit: $0.size, left: $0.left(at: uptime), reset: $0.reset(at: uptime)) }
        }
    }
}

extension BudgetPeriod {
    /// As a sentence says it.
    var words: String {
        switch self {
        case .day: "a day"
        case .month: "a month"
        case .days(let days): "in \(days) days"
        case .ever: "in all"
        }
    }
}
