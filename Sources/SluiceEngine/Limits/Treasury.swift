import SluiceMoney
import SluiceStore
import SluiceTypes
import Synchronization

/// Knows what owners and tokens may do and have spent, and lets calls pass: in memory, so that a refusal asks no store.
///
/// What was spent comes from the store, after each commit that changes it; what is set aside is known here alone, since it ends
/// with the process as the attempts do.
final class Treasury: Sendable {
    /// Why nothing of an owner's queue is claimed.
    fileprivate struct Closing {
        var refusal: LimitRefusal
        /// The uptime at which it may open by itself; nil where something has to end first.
        var opensAt: Duration?
    }

    fileprivate struct State {
        var purses: [String: Purse] = [:]
        /// By whose id a subject's limits are kept.
        var accounts: [LimitSubject: String] = [:]
        /// The accounts in which jobs are under way, as they were when these began: limits may have been changed since.
        var holders: [JobID: Set<String>] = [:]
        var closed: [OwnerID: Closing] = [:]
        /// How many jobs of an owner were put off since one was claimed.
        var putOffs: [OwnerID: Int] = [:]
        /// Owners whom an operator has disabled: nothing opens these but he.
        var disabled: Set<OwnerID> = []
        /// The same owners, for claims.
        var closedOwners: Set<OwnerID> = []
        /// Groups in which jobs of such owners were stepped over.
        var waiting: Set<JobGroup> = []
        /// Grows with each opening.
        var openings = 0
        /// Of the newest reading of limits.
        var ticket = 0
        /// Of the newest reading of disabled owners.
        var disabledTicket = 0
        /// How often limits that are gone would have refused something.
        var formerTrials: [SpendingLimits.Kind: Int] = [:]
    }

    /// How the queue of closed owners stands at a moment.
    struct Closed: Sendable {
        var owners: Set<OwnerID>
        fileprivate var openings: Int
    }

    private let state = Mutex(State())
    /// Whether anybody has limits: nothing is looked up for anybody where nobody has.
    private let isActive = Atomic<Bool>(false)
    private let isRecorded: Bool
    private let time: EngineTime
    private let clock: TrustedClock

    init(isRecorded: Bool, time: EngineTime, clock: TrustedClock) {
        self.isRecorded = isRecorded
        self.time = time
        self.clock = clock
    }

    // MARK: What holds

    /// Takes all limits, and what was spent; `used` tells what each account has used within the last minute.
    func load(
        _ records: [LimitRecord],
        spent: [SpendRecord],
        used: [String: (requests: Int64, tokens: Int64)] = [:]
    ) {
        let uptime = time.uptime()
        state.withLock { state in
            for record in records { state.set(record, used: used[record.account] ?? (0, 0), at: uptime) }
            for record in spent { state.purses[record.account]?.note(spent: record.counted, in: record.window) }
        }
        setActive()
    }

    /// Whether anybody is limited in any way.
    private func setActive() {
        // Under the lock, so that of two changes the later one is told last.
        state.withLock { isActive.store(!$0.purses.isEmpty || !$0.disabled.isEmpty, ordering: .relaxed) }
    }

    /// Takes limits that have changed, all of them: those of whom there are none any more have none.
    ///
    /// What was spent is taken only for accounts whose budget is another now: of all others more may have been told since.
    /// `ticket` grows with each reading; an older one that comes late is left alone.
    func change(_ records: [LimitRecord], spent: [SpendRecord], ticket: Int) {
        let uptime = time.uptime()
        let isTaken = state.withLock { state in
            guard ticket > state.ticket else { return false }
            state.ticket = ticket
            let known = Set(records.map(\.account))
            let budgets = state.purses.mapValues(\.limits.budget)
            for (account, purse) in state.purses where !known.contains(account) {
                state.formerTrials.merge(purse.trials) { $0 + $1 }
                state.purses[account] = nil
            }
            // Where nobody has limits no end is told any more.
            if records.isEmpty { state.holders = [:] }
            state.accounts = [:]
            for record in records { state.set(record, used: (0, 0), at: uptime) }
            for record in spent where budgets[record.account] != state.purses[record.account]?.limits.budget {
                state.purses[record.account]?.note(spent: record.counted, in: record.window)
            }
            state.openAll()
            return true
        }
        if isTaken { setActive() }
    }

    /// Takes the owners whose jobs none is to be claimed of, all of them, by a `ticket` as for limits.
    func disable(_ owners: Set<OwnerID>, ticket: Int) {
        state.withLock { state in
            guard ticket > state.disabledTicket else { return }
            (state.disabled, state.disabledTicket) = (owners, ticket)
        }
        setActive()
    }

    /// The store has committed what changes what was spent: what is set aside for the same attempts goes in the same step.
    ///
    /// - Returns: the groups in which jobs waited that may pass now, since something cost less than it might have.
    func note(_ news: CommitNews) -> Set<JobGroup> {
        guard !news.spent.isEmpty || !news.posted.isEmpty else { return [] }
        return state.withLock { state -> Set<JobGroup> in
            var freed: Set<String> = []
            for record in news.spent {
                let before = state.purses[record.account]?.spent ?? 0
                state.purses[record.account]?.note(spent: record.counted, in: record.window)
                if state.purses[record.account]?.spent ?? 0 < before { freed.insert(record.account) }
            }
            for (job, epoch) in news.posted {
                for account in state.holders[job] ?? [] { state.purses[account]?.release(job, epoch: epoch) }
            }
            guard !freed.isEmpty else { return [] }
            return state.open(state.closed.keys.filter { freed.contains($0.rawValue) })
        }
    }

    // MARK: Calls

    /// Whether whoever calls has any limits.
    func hasLimits(_ owner: OwnerID, _ token: TokenID?) -> Bool {
        guard isActive.load(ordering: .relaxed) else { return false }
        return state.withLock { !$0.accountIDs(owner, token).isEmpty }
    }

    /// How much of an owner's jobs, and of a token's, may wait: the owner's limit first.
    func queueLimits(_ owner: OwnerID, _ token: TokenID?) -> [QueueRoom.Limit] {
        guard isActive.load(ordering: .relaxed) else { return [QueueRoom.Limit(of: owner, nil)] }
        return state.withLock { state in
            let own = state.accounts[.owner(owner)].flatMap { state.purses[$0]?.limits }
            var limits = [QueueRoom.Limit(of: owner, own)]
            if let own { limits.append(QueueRoom.Limit(own, of: [owner.rawValue], isToken: false)) }
            if let account = token.flatMap({ state.accounts[.token($0)] }), let own = state.purses[account]?.limits {
                let sharers = state.accounts.filter { $0.value == account }.keys.map(\.id)
                limits.append(QueueRoom.Limit(own, of: sharers, isToken: true))
            }
            return limits.filter { $0.jobs != nil || $0.bytes != nil }
        }
    }

    /// Limits of the queue that are tried would have refused a job.
    func noteTrials(
        _ tried: [(limit: QueueRoom.Limit, kind: SpendingLimits.Kind)],
        of owner: OwnerID,
        _ token: TokenID?
    ) {
        guard !tried.isEmpty else { return }
        state.withLock { state in
            for (limit, kind) in tried {
                let subject = limit.isToken ? token.map { LimitSubject.token($0) } : .owner(owner)
                if let account = subject.flatMap({ state.accounts[$0] }) { state.purses[account]?.noteTrial(kind) }
            }
        }
    }

    /// How what a call may cost is counted.
    func policy(_ job: JobFacts) -> SpendPolicy { policy(job.owner, job.token) }

    /// How what an owner's calls with a token may cost is counted.
    func policy(_ owner: OwnerID, _ token: TokenID?) -> SpendPolicy {
        guard isActive.load(ordering: .relaxed) else { return .free }
        return state.withLock { state in
            state.accountIDs(owner, token).compactMap { state.purses[$0] }
                .reduce(SpendPolicy.free) { policy, purse in policy.narrowed(by: purse.limits) }
        }
    }

    /// The moment at which an attempt begins, as its windows see it: by a clock that does not jump, and never before the window
    /// that is now.
    func moment(of job: JobFacts, at now: Timestamp) -> Timestamp {
        guard isActive.load(ordering: .relaxed) else { return now }
        let begins = state.withLock { state in
            state.accountIDs(of: job).map { state.purses[$0]?.window?.begin }
        }
        guard !begins.isEmpty else { return now }
        return begins.compactMap(\.self).reduce(min(now, clock.forDeadlines())) { max($0, $1) }
    }

    /// Why none of these ways to make a call may be taken; nil where one may.
    func judge(_ needs: [LimitNeed], of job: JobFacts) -> LimitRefusal? {
        guard isActive.load(ordering: .relaxed), !needs.isEmpty else { return nil }
        let (uptime, now) = (time.uptime(), clock.forDeadlines())
        return state.withLock { state in
            var worst: LimitRefusal?
            for need in needs {
                guard let refusal = state.judge(need, of: job, at: uptime, now: now, isRecorded, begins: false) else {
                    return nil
                }
                // What passes by itself is told before what does not.
                if worst == nil || worst?.isFinal == true && !refusal.isFinal { worst = refusal }
            }
            return worst
        }
    }

    /// Lets a call pass and takes what it needs, or says why it may not.
    func begin(_ need: LimitNeed, of job: JobFacts) -> LimitRefusal? {
        guard isActive.load(ordering: .relaxed) else { return nil }
        let (uptime, now) = (time.uptime(), clock.forDeadlines())
        return state.withLock { $0.begin(need, of: job, at: uptime, now: now, isRecorded) }
    }

    /// The provider told what an attempt has used.
    func note(used tokens: Int64, by job: JobFacts) {
        guard isActive.load(ordering: .relaxed) else { return }
        let uptime = time.uptime()
        state.withLock { state in
            for account in state.accountIDs(of: job) {
                state.purses[account]?.correct(job.id, used: tokens, at: uptime)
            }
        }
    }

    /// A call is over, and all that it cost is counted; answers whether jobs may pass that could not before.
    func end(_ job: JobFacts, of claim: Int64) -> Set<JobGroup> {
        guard isActive.load(ordering: .relaxed) else { return [] }
        return state.withLock { state in
            for account in state.holders[job.id] ?? [] { state.purses[account]?.end(job.id, of: claim) }
            let left = (state.holders[job.id] ?? []).filter { state.purses[$0]?.knows(job.id) == true }
            state.holders[job.id] = left.isEmpty ? nil : Set(left)
            // What waits for a moment waits on.
            guard let closing = state.closed[job.owner], closing.opensAt == nil else { return [] }
            return state.open([job.owner])
        }
    }

    /// A request passes that is no call, or it is said why it may not.
    func takeRequest(_ owner: OwnerID, _ token: TokenID?) -> LimitRefusal? {
        guard isActive.load(ordering: .relaxed) else { return nil }
        let (uptime, now) = (time.uptime(), clock.forDeadlines())
        return state.withLock { state in
            let accounts = state.accountIDs(owner, token)
            for account in accounts {
                if let refusal = state.purses[account]?.judgeRequest(at: uptime, now: now) { return refusal }
            }
            for account in accounts { state.purses[account]?.takeRequest(at: uptime) }
            return nil
        }
    }

    /// How the rates of whoever calls stand: of each kind the one of which less is left.
    func rates(_ owner: OwnerID, _ token: TokenID?) -> [RateState] {
        guard isActive.load(ordering: .relaxed) else { return [] }
        let uptime = time.uptime()
        return state.withLock { state in
            let all = state.accountIDs(owner, token).compactMap { state.purses[$0]?.rates(at: uptime) }.flatMap(\.self)
            return ["requests", "tokens"].compactMap { name in
                all.filter { $0.name == name }.min { $0.left < $1.left }
            }
        }
    }

    /// How the limits of a subject stand; nil without any.
    func standing(_ account: String) -> LimitStanding? {
        let now = clock.forDeadlines()
        return state.withLock { state in
            state.purses[account]?.move(to: now)
            return state.purses[account].map(LimitStanding.init)
        }
    }

    /// How often limits that are only tried would have refused something, since the start.
    var trials: [SpendingLimits.Kind: Int] {
        state.withLock { state in
            state.purses.values.reduce(into: state.formerTrials) { $0.merge($1.trials) { $0 + $1 } }
        }
    }

    /// How the budgets of owners stand, in no order.
    var budgets: [BudgetFigures] {
        guard isActive.load(ordering: .relaxed) else { return [] }
        let now = clock.forDeadlines()
        return state.withLock { state in
            state.accounts.compactMap { subject, account in
                guard case .owner(let owner) = subject else { return nil }
                state.purses[account]?.move(to: now)
                guard let purse = state.purses[account], let budget = purse.limits.budget else { return nil }
                return BudgetFigures(
                    owner: owner,
                    amount: budget.amount,
                    spent: purse.spent,
                    held: purse.held,
                    ends: purse.window?.end
                )
            }
        }
    }

    // MARK: The queue

    /// The owners of whose jobs none is claimed now.
    func closed() -> Closed {
        guard isActive.load(ordering: .relaxed) else { return Closed(owners: [], openings: 0) }
        return state.withLock { state in
            Closed(owners: state.closedOwners.union(state.disabled), openings: state.openings)
        }
    }

    /// What a claim makes of a job: it begins on the first start that its limits let it have, or waits with all of its owner's, or
    /// alone.
    func claim(_ ways: [(start: AttemptStart, need: LimitNeed)], of job: JobFacts) -> ClaimJudgement {
        guard let first = ways.first else { return .wait }
        guard isActive.load(ordering: .relaxed) else { return .take(first.start) }
        let (uptime, now) = (time.uptime(), clock.forDeadlines())
        // In one step: a call that ends between the judgement and the closing would open nothing.
        return state.withLock { state in
            var refusals: [LimitRefusal] = []
            for (start, need) in ways {
                guard let refusal = state.begin(need, of: job, at: uptime, now: now, isRecorded) else {
                    state.putOffs[job.owner] = nil
                    return .take(start)
                }
                refusals.append(refusal)
            }
            // What passes by itself is waited for before what does not.
            let refusal = refusals.first { !$0.isFinal } ?? refusals[0]
            let before = state.putOffs[job.owner] ?? 0
            if let moment = Treasury.putOff(by: refusal, at: time.now(), after: before) {
                // A token's limits are nothing to its owner's other tokens.
                if refusal.isToken || before < Treasury.mostPutOffs {
                    state.putOffs[job.owner] = before + 1
                    return .putOff(until: moment)
                }
            }
            state.close(job.owner, refusal, at: uptime)
            return .wait
        }
    }

    /// So many jobs of an owner in a row are put off one by one; then all of them wait.
    private static let mostPutOffs = 16
    /// The longest that a job is put off for a rate: it may be raised.
    private static let longestPutOff = Duration.seconds(600)

    /// Until when a job alone waits, behind as many as were put off `before`; nil where none of its owner's may pass.
    private static func putOff(by refusal: LimitRefusal, at now: Timestamp, after before: Int) -> Timestamp? {
        switch refusal.reason {
        // Smaller ones may pass.
        case .tooLittle, .never, .notPriced, .notRecorded, .ownerDisabled:
            return BudgetWindow(begin: now, end: refusal.resetAt).afterEnd
        // Those of other tokens may pass.
        case .spent: return refusal.isToken ? BudgetWindow(begin: now, end: refusal.resetAt).afterEnd : nil
        case .requests, .tokens, .atOnce, .held, .queueFull:
            guard refusal.isToken else { return nil }
            // Each at about its own turn, so that it is put off once.
            let turn = (refusal.spacing ?? .milliseconds(100)) * min(before, 100_000)
            return now.adding(min(max(refusal.wait ?? .seconds(1), .milliseconds(1)) + turn, longestPutOff))
        }
    }

    /// Jobs of closed owners were stepped over in a group; false where something has opened since.
    func noteWaiting(_ group: JobGroup, since closed: Closed) -> Bool {
        state.withLock { state in
            guard state.openings == closed.openings else { return false }
            state.waiting.insert(group)
            return true
        }
    }

    /// Opens what waited for a moment that has come; answers the groups in which jobs waited, and when to look again.
    func open(at uptime: Duration) -> (groups: Set<JobGroup>, next: Duration?) {
        guard isActive.load(ordering: .relaxed) else { return ([], nil) }
        let now = clock.forDeadlines()
        return state.withLock { state in
            guard !state.closed.isEmpty else { return ([], nil) }
            let due = state.closed.filter { _, closing in
                closing.opensAt.map { $0 <= uptime } ?? false || closing.refusal.resetAt.map { $0 <= now } ?? false
            }
            let groups = due.isEmpty ? [] : state.open(due.keys)
            return (groups, state.closed.values.compactMap(\.opensAt).min())
        }
    }

    /// Opens all that is closed.
    func openAll() -> Set<JobGroup> {
        state.withLock { $0.openAll() }
    }

    /// Why a queued job waits, where its owner's limits are why.
    func refusal(of owner: OwnerID) -> LimitRefusal? {
        guard isActive.load(ordering: .relaxed) else { return nil }
        return refusal(ofDisabled: owner) ?? state.withLock { $0.closed[owner]?.refusal }
    }

    /// Why nothing of an owner's may begin, where an operator has disabled it.
    func refusal(ofDisabled owner: OwnerID) -> LimitRefusal? {
        guard isActive.load(ordering: .relaxed), state.withLock({ $0.disabled.contains(owner) }) else { return nil }
        return LimitRefusal(reason: .ownerDisabled, isToken: false, limit: "none")
    }
}

extension Treasury.State {
    fileprivate mutating func set(_ record: LimitRecord, used: (Int64, Int64), at uptime: Duration) {
        accounts[record.subject] = record.account
        if purses[record.account] != nil {
            purses[record.account]?.change(record.limits, at: uptime)
        } else {
            let isToken = if case .token = record.subject { true } else { false }
            purses[record.account] = Purse(record.limits, isToken: isToken, at: uptime, used: used)
        }
    }

    fileprivate func accountIDs(_ owner: OwnerID, _ token: TokenID?) -> [String] {
        [accounts[.owner(owner)], token.flatMap { accounts[.token($0)] }].compactMap(\.self)
    }

    fileprivate func accountIDs(of job: JobFacts) -> [String] { accountIDs(job.owner, job.token) }

    /// The first limit that says no: the owner's before the token's.
    fileprivate mutating func judge(
        _ need: LimitNeed,
        of job: JobFacts,
        at uptime: Duration,
        now: Timestamp,
        _ isRecorded: Bool,
        begins: Bool = true
    ) -> LimitRefusal? {
        for account in accountIDs(of: job) {
            let refusal = purses[account]?.judge(
                need,
                at: uptime,
                now: now,
                isRecorded: isRecorded,
                begins: begins
            )
            if let refusal { return refusal }
        }
        return nil
    }

    /// Lets a call pass and takes what it needs, or says why it may not.
    fileprivate mutating func begin(
        _ need: LimitNeed,
        of job: JobFacts,
        at uptime: Duration,
        now: Timestamp,
        _ isRecorded: Bool
    ) -> LimitRefusal? {
        if let refusal = judge(need, of: job, at: uptime, now: now, isRecorded) { return refusal }
        for account in accountIDs(of: job) {
            purses[account]?.begin(need, at: uptime)
            holders[job.id, default: []].insert(account)
        }
        return nil
    }

    /// Claims nothing of an owner's any more, until the reason is over.
    fileprivate mutating func close(_ owner: OwnerID, _ refusal: LimitRefusal, at uptime: Duration) {
        let opensAt: Duration? =
            switch refusal.reason {
            case .atOnce, .held: nil
            case .requests, .tokens, .spent: uptime + (refusal.wait ?? .seconds(60))
            // They lie in the jobs that came first: what stands behind these may pass.
            case .tooLittle, .never, .notPriced, .notRecorded, .queueFull, .ownerDisabled: uptime + .seconds(60)
            }
        putOffs[owner] = nil
        closed[owner] = Treasury.Closing(refusal: refusal, opensAt: opensAt)
        closedOwners.insert(owner)
    }

    fileprivate mutating func open(_ owners: some Sequence<OwnerID>) -> Set<JobGroup> {
        for owner in owners {
            closed[owner] = nil
            closedOwners.remove(owner)
        }
        openings += 1
        defer { waiting = [] }
        return waiting
    }

    @discardableResult
    fileprivate mutating func openAll() -> Set<JobGroup> {
        open(Array(closed.keys))
    }
}

extension SpendPolicy {
    fileprivate func narrowed(by limits: SpendingLimits) -> SpendPolicy {
        var policy = self
        if limits.budget?.isStrict == true { policy.isStrict = true }
        let own = limits.unpriced ?? (limits.budget == nil ? .allow : .hold(nil))
        if own.rank > policy.unpriced.rank { policy.unpriced = own }
        return policy
    }
}

extension SpendingLimits.Unpriced {
    /// The more it forbids the higher.
    fileprivate var rank: Int {
        switch self {
        case .allow: 0
        case .hold: 1
        case .refuse: 2
        case .exact: 3
        }
    }
}
