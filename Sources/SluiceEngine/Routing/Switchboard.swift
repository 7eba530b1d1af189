import SluiceProvider
import SluiceStore
import SluiceTypes
import Synchronization

/// The router, the agenda and the calls that wait, under one lock, and the bell that wakes the dispatcher.
final class Switchboard: Sendable {
    struct State {
        var router: Router
        var agenda = Agenda()
        var shares = LaneShares()
        /// Grows with each job that comes to a group of which nothing was known to be due so early.
        var news = 0
        var calls = WaiterQueue()
        var heldSince: [JobGroup: Duration] = [:]
        /// Of the newest reading of pauses.
        var pauseTicket = 0
    }

    let time: EngineTime
    /// Rings when a group may have become due or a row may have opened.
    let doorbell = Doorbell()
    let state: Mutex<State>
    private let settings: EngineSettings

    /// Makes one; `secret` is the store's, by which accounts are known.
    init(_ catalogue: Catalogue, settings: EngineSettings, secret: [UInt8], time: EngineTime) {
        self.time = time
        self.settings = settings
        state = Mutex(State(router: Router(catalogue, settings: settings, secret: secret)))
    }

    func replace(with catalogue: Catalogue) {
        let uptime = time.uptime()
        state.withLock { state in
            state.router.replace(with: catalogue)
            state.noteHeld(state.agenda.groups, at: uptime)
            state.agenda.forgetClosed()
            state.serveCalls(at: uptime, hasOpened: true)
        }
        doorbell.ring()
    }

    /// Takes what operators have paused, all of it; `ticket` grows with each reading, and an older one that comes late is left alone.
    func pause(_ pauses: [RowPause], ticket: Int) {
        let uptime = time.uptime()
        state.withLock { state in
            guard ticket > state.pauseTicket else { return }
            state.pauseTicket = ticket
            state.router.pause(pauses)
            state.noteHeld(state.agenda.groups, at: uptime)
            state.agenda.forgetClosed()
            state.serveCalls(at: uptime, hasOpened: true)
        }
        doorbell.ring()
    }

    // MARK: Groups

    /// A job of `group`, of one of `owners`, was queued, due at `runAt`.
    func note(_ group: JobGroup, of owners: Set<OwnerID> = [], dueAt runAt: Timestamp) {
        // Most jobs come to a group that waits already, for its moment or for a permit; then the dispatcher knows enough.
        let isNews = state.withLock { state in
            let isNews = state.agenda.note(group, of: owners, dueAt: runAt)
            if isNews { state.news += 1 }
            return isNews
        }
        if isNews { doorbell.ring() }
    }

    /// Puts a group back without waking anybody: the dispatcher's own way.
    func putBack(_ group: JobGroup, of owners: Set<OwnerID>, dueAt runAt: Timestamp) {
        state.withLock { _ = $0.agenda.note(group, of: owners, dueAt: runAt) }
    }

    /// Puts a group back of which only jobs of `owners` are due, for whom nothing could be done, until `othersDueAt`.
    func putBack(_ group: JobGroup, closedTo owners: Set<OwnerID>, at now: Timestamp, until othersDueAt: Timestamp?) {
        state.withLock { state in
            // Whose job came while the claim was under way may not have been seen by it.
            let isSeen = !state.agenda.has(group)
            state.agenda.note(group, of: owners, dueAt: now)
            if isSeen { state.agenda.noteClosed(group, to: owners, until: othersDueAt) }
        }
    }

    /// Places of a group were set aside for `owners` and none of their jobs was due, though others' were: those come first now.
    func noteIdle(_ group: JobGroup, _ owners: Set<OwnerID>) {
        let uptime = time.uptime()
        state.withLock { $0.agenda.noteIdle(group, owners, at: uptime) }
    }

    /// The groups that are due, in the order in which they are to be served as long as ``news`` is what it is.
    func due(at now: Timestamp) -> (groups: [GroupState], news: Int) {
        state.withLock { ($0.agenda.due(at: now), $0.news) }
    }

    var news: Int { state.withLock(\.news) }

    /// When the first group that is not due yet will be; nil when there is none.
    func nextDue(after now: Timestamp) -> Timestamp? {
        state.withLock { $0.agenda.nextDue(after: now) }
    }

    // MARK: Permits

    /// Takes a group that is due off the agenda, with permits that are set aside for its jobs; nil when it is not due any more.
    ///
    /// Where there is none, the group is put back in the same breath, so that the next permit that is given back is known
    /// to be wanted. So it is where its places are the other lane's turn.
    ///
    /// `full` are the lines in which there was no place for somebody before: a place that came free since is for whoever is first in
    /// turn, and nothing is looked for here.
    func reserve(
        _ group: JobGroup,
        count: Int,
        besides full: inout Set<Int>
    ) -> (due: GroupState, reservation: Reservation)? {
        let uptime = time.uptime()
        let now = time.now()
        let (reserved, line, isFull) = state.withLock { state -> ((GroupState, Reservation)?, Int, Bool) in
            let line = state.router.pool(group.key).line
            guard !full.contains(line) else { return (nil, line, true) }
            let reserved = state.reserve(group, count: count, at: uptime, now: now)
            let isEmpty = reserved.map { $0.reservation.isEmpty && !$0.yields } ?? false
            let isFull = isEmpty && state.isMerelyFull(group, at: uptime)
            return (reserved.map { ($0.due, $0.reservation) }, line, isFull)
        }
        if isFull { full.insert(line) }
        return reserved
    }

    /// Jobs of these owners begin on permits that were set aside for a group.
    func begin(_ jobs: [(permit: Permit, owner: OwnerID)], of group: JobGroup) {
        let now = time.now()
        state.withLock { state in
            for (permit, owner) in jobs {
                state.router.begin(permit, of: owner)
                state.agenda.noteBegun(group, of: owner)
            }
            let line = state.router.pool(group.key).line
            let othersWait = state.agenda.hasDue(group.lane.other, at: now)
            state.shares.noteBegun(group.lane, in: line, count: jobs.count, othersWait: othersWait)
        }
    }

    func exchange(_ permit: Permit, after tally: ClaimTally, for job: ClaimedJob, _ session: UInt64?) -> NextPermit {
        let uptime = time.uptime()
        let (next, isWanted) = state.withLock { state in
            var random = SystemRandomNumberGenerator()
            var wish = Wish(job.group, owner: job.owner, isQueued: permit.isQueued, session: session)
            wish.history = tally.history
            wish.besides = tally.used
            wish.tooSmall = tally.tooSmall
            let next = state.router.exchange(permit, for: wish, at: uptime, using: &random)
            // The old permit is free then, and other calls and jobs may wait for it.
            guard case .taken = next else { return (next, false) }
            state.serveCalls(at: uptime, hasOpened: permit.isProbe)
            return (next, state.agenda.hasDue(at: time.now()))
        }
        if isWanted { doorbell.ring() }
        return next
    }

    /// Gives a permit back whose call, of `owner`, is over.
    func release(_ permit: Permit, of owner: OwnerID) {
        release(CollectionOfOne(permit), of: owner)
    }

    /// Gives permits back that were set aside and not used; the dispatcher is woken where some group waits for one.
    func release(_ permits: some Collection<Permit>, of owner: OwnerID? = nil) {
        guard !permits.isEmpty else { return }
        let uptime = time.uptime()
        let isWanted = state.withLock { state in
            if let owner {
                for permit in permits { state.router.end(permit, of: owner) }
                state.calls.noteFree(owner)
            }
            state.router.release(permits)
            state.serveCalls(at: uptime, hasOpened: permits.contains { $0.isProbe })
            // The clock is read under the lock: a group that was put back before us is due by it.
            return state.agenda.hasDue(at: time.now())
        }
        if isWanted { doorbell.ring() }
    }

    // MARK: What calls teach

    /// The provider answers a job's call.
    func noteWell(_ permit: Permit, of job: ClaimedJob) {
        learn { $0.noteWell(permit, of: job, at: $1) }
    }

    /// A job has its whole answer; `isNews` tells that ``noteWell(_:of:)`` was not said of it.
    func noteAnswer(_ permit: Permit, of job: ClaimedJob, isNews: Bool) {
        learn { router, uptime in
            let hasOpened = isNews && router.noteWell(permit, of: job, at: uptime)
            router.noteAnswer(permit, of: job)
            return hasOpened
        }
    }

    /// The provider said something, though no answer.
    func noteConnected(_ permit: Permit) {
        learn { router, _ in router.noteConnected(permit) }
    }

    /// The provider has said what is left of what it allows.
    func note(_ allowances: [Allowance: Int64], of permit: Permit) {
        let uptime = time.uptime()
        state.withLock { $0.router.note(allowances, of: permit, at: uptime) }
    }

    /// Runs `note`, which says whether calls may pass that could not before: then those that wait are served.
    private func learn(_ note: (inout Router, Duration) -> Bool) {
        let uptime = time.uptime()
        let hasOpened = state.withLock { state in
            let hasOpened = note(&state.router, uptime)
            if hasOpened { state.serveCalls(at: uptime, hasOpened: true) }
            return hasOpened
        }
        if hasOpened { doorbell.ring() }
    }

    /// Returns whether calls of the job's owner fail now.
    func noteFailure(_ permit: Permit, of job: ClaimedJob, isOverload: Bool) -> Bool {
        let uptime = time.uptime()
        return state.withLock { $0.router.noteFailure(permit, of: job, isOverload: isOverload, at: uptime) }
    }

    func noteUnreachable(_ permit: Permit) {
        let uptime = time.uptime()
        state.withLock { $0.router.noteUnreachable(permit, at: uptime) }
    }

    func noteUnusable(_ permit: Permit, _ reason: String) {
        let uptime = time.uptime()
        state.withLock { $0.router.noteUnusable(permit, reason, at: uptime) }
    }

    /// Returns whether it is to be told in the log.
    func noteMisplaced(_ permit: Permit, _ url: String, status: Int?) -> Bool {
        let uptime = time.uptime()
        return state.withLock { $0.router.noteMisplaced(permit, url, status: status, at: uptime) }
    }

    func noteLimit(_ permit: Permit, of job: ClaimedJob, wish: Duration?) -> LimitNews {
        let uptime = time.uptime()
        let now = time.now()
        let limitedAt = job.history.limitedAt.map { uptime - max(.zero, now.since($0)) }
        return state.withLock {
            $0.router.noteLimit(permit, of: job, wish: wish, limitedAt: limitedAt, at: uptime)
        }
    }

    func noteRefusal(_ permit: Permit, _ reason: KeyHealth.Reason) {
        let uptime = time.uptime()
        state.withLock { $0.router.noteRefusal(permit, reason, at: uptime) }
    }

    /// Returns whether the account is suspected now.
    func noteDoubt(_ permit: Permit, of job: ClaimedJob) -> Bool {
        state.withLock { $0.router.noteDoubt(permit, of: job) }
    }

    // MARK: What others are told

    func offer(_ key: RouteKey) -> Offer {
        state.withLock { $0.router.offer(key) }
    }

    /// Why nobody takes jobs of `group`, or calls of `owner`, now; nil when somebody does, or is merely full.
    func hold(_ group: JobGroup, for owner: OwnerID? = nil, isQueued: Bool) -> Hold? {
        let uptime = time.uptime()
        return state.withLock { $0.router.hold(Wish(group, owner: owner, isQueued: isQueued), at: uptime) }
    }

    /// How long until a member that is shut to queued jobs of `owner` may open by itself; nil when none will.
    func opensIn(_ group: JobGroup, for owner: OwnerID) -> Duration? {
        let uptime = time.uptime()
        return state.withLock { $0.router.opensIn(Wish(group, owner: owner, isQueued: true), at: uptime) }
    }

    /// The rows that may answer a route, each with its name of the model.
    func ways(_ key: RouteKey) -> [(row: ProviderRow, model: String)] {
        state.withLock { $0.router.pool(key).choices.map { ($0.member.row, $0.upstream) } }
    }

    var aliases: ModelAliases { state.withLock { $0.router.aliasNames } }

    /// Whether somebody who serves a route may be told what `account` has answered.
    func mayBeTold(historyOf account: String, _ key: RouteKey) -> Bool {
        state.withLock { $0.router.pool(key).choices.contains { $0.mayBeTold(historyOf: account) } }
    }

    func hasChoice(_ key: RouteKey) -> Bool {
        state.withLock { $0.router.pool(key).isShared }
    }

    /// The aliases of which some row can be used, as lists of one name.
    var aliasLists: [ModelList] { state.withLock { $0.router.aliasLists() } }

    /// The rows as they stand in the file.
    var rows: [ProviderRow] { state.withLock { $0.router.catalogue } }

    /// The member of the row called `row` with an account, as ``AccountID`` tells it; for nil, its first.
    ///
    /// Nil where the row is not there or can't be used.
    func member(of row: String, account: String?) -> Member? {
        state.withLock { state in
            state.router.members.first { member in
                member.row.name == row && member.row.unavailable == nil
                    && (account == nil || member.accountID.description == account)
            }
        }
    }

    var status: [RowStatus] {
        let uptime = time.uptime()
        let now = time.now()
        return state.withLock { state in
            state.router.status(at: uptime, now: now) { state.calls.count(of: $0) }
        }
    }

    /// Those of `groups` that have been held for as long as the engine's patience lasts, each with what its jobs die of; and the
    /// uptime at which the next one will have been.
    func heldTooLong(of groups: [JobGroup]) -> (groups: [JobGroup: ErrorClass], next: Duration?) {
        let uptime = time.uptime()
        return state.withLock { state in
            let known = Set(groups)
            state.heldSince = state.heldSince.filter { known.contains($0.key) }
            state.noteHeld(groups, at: uptime)
            var held: [JobGroup: ErrorClass] = [:]
            var next: Duration?
            for (group, since) in state.heldSince {
                let end = since + settings.patience
                if end <= uptime {
                    let isServed = state.router.isServed(group.key)
                    held[group] = isServed ? .expired : .invalidModel
                } else {
                    next = min(next ?? end, end)
                }
            }
            return (held, next)
        }
    }
}

extension Switchboard.State {
    /// Notes since when nobody could serve those groups.
    fileprivate mutating func noteHeld(_ groups: some Sequence<JobGroup>, at uptime: Duration) {
        for group in groups {
            heldSince[group] = router.isHeld(group, at: uptime) ? heldSince[group] ?? uptime : nil
        }
    }

    /// The line in which a group waits, and whether a place there could be a group's of the other lane as well.
    fileprivate mutating func others(of group: JobGroup, at uptime: Duration, now: Timestamp) -> (line: Int, wait: Bool)
    {
        let line = router.pool(group.key).line
        for waiting in agenda.due(group.lane.other, at: now)
        where router.pool(waiting.group.key).line == line {
            if isReady(waiting, at: uptime) { return (line, true) }
        }
        return (line, false)
    }

    /// Whether a place is free for a job of the group.
    private mutating func isReady(_ due: GroupState, at uptime: Duration) -> Bool {
        let owners = due.owners.isEmpty ? [nil] : due.owners.prefix(8).map { Optional($0) }
        let choices = router.pool(due.group.key).choices
        return owners.contains { owner in
            let wish = Wish(due.group, owner: owner, isQueued: true)
            return choices.contains { choice in
                if case .ready = router.standing(of: choice, wish, at: uptime) { true } else { false }
            }
        }
    }

    /// Whether nothing but a place is missing for whoever is not named.
    fileprivate mutating func isMerelyFull(_ group: JobGroup, at uptime: Duration) -> Bool {
        let wish = Wish(group, owner: nil, isQueued: true)
        guard router.hold(wish, at: uptime) == nil else { return false }
        return !isReady(GroupState(group: group, nextRunAt: Timestamp(milliseconds: 0)), at: uptime)
    }

    /// How many of `count` places the group may take now, since the other lane may wait for them too.
    fileprivate mutating func allowed(_ due: GroupState, count: Int, at uptime: Duration, now: Timestamp) -> Int {
        // Where no place is free there is nothing to share.
        guard agenda.hasDue(due.group.lane.other, at: now), isReady(due, at: uptime) else { return count }
        let (line, othersWait) = others(of: due.group, at: uptime, now: now)
        return shares.allowed(due.group.lane, in: line, count: count, othersWait: othersWait)
    }

    /// `yields` tells that the places are the other lane's turn.
    fileprivate mutating func reserve(
        _ group: JobGroup,
        count: Int,
        at uptime: Duration,
        now: Timestamp
    ) -> (due: GroupState, reservation: Reservation, yields: Bool)? {
        guard let due = agenda.take(group, at: now) else { return nil }
        let count = allowed(due, count: count, at: uptime, now: now)
        guard count > 0 else {
            agenda.note(due.group, of: due.owners, dueAt: due.nextRunAt)
            return (due, Reservation(), true)
        }
        return (due, reserve(due, count: count, at: uptime, now: now), false)
    }

    private mutating func reserve(
        _ due: GroupState,
        count: Int,
        at uptime: Duration,
        now: Timestamp
    ) -> Reservation {
        var random = SystemRandomNumberGenerator()
        var reservation = Reservation()
        let named = router.named(for: due.group)
        let (closed, until) = agenda.closed(due.group, at: now)
        // Whoever has nothing due takes the last place, or the only probe, from those who have.
        let idle = closed.isEmpty ? agenda.idle(due.group, at: uptime) : nil
        // Each of them before all others, and no more than its part: or one of the two would have nothing.
        for owner in named where closed.isEmpty || closed.contains(owner) {
            if idle?.owners.contains(owner) == true {
                reservation.named[owner] = []
                continue
            }
            let part = max(1, count / (named.count + 1))
            let permits = router.reserve(due.group, owner, count: part, at: uptime, using: &random)
            reservation.named[owner] = permits.permits
            router.release(permits.alternates)
        }
        // Where only jobs of some owners are left, nobody else's are looked for.
        if closed.isEmpty || !closed.isSubset(of: named) {
            (reservation.permits, reservation.alternates) =
                router.reserve(due.group, nil, count: count, at: uptime, using: &random)
        }
        guard reservation.isEmpty else { return reservation }
        agenda.note(due.group, of: due.owners, dueAt: due.nextRunAt)
        if !closed.isEmpty { agenda.noteClosed(due.group, to: closed, until: until) }
        let wishes = [nil] + closed.union(named).map { Optional($0) }
        let opens = wishes.compactMap { owner in
            router.opensIn(Wish(due.group, owner: owner, isQueued: true), at: uptime)
        }
        reservation.opensIn = (opens + [idle?.left].compactMap(\.self)).min()
        return reservation
    }
}

extension Lane {
    fileprivate var other: Lane { self == .bulk ? .interactive : .bulk }
}
