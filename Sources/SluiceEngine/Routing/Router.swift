import Crypto
import SluiceProvider
import SluiceStore
import SluiceTypes

/// Decides which member takes which call: a plain value, asked under a lock.
///
/// It does nothing itself. What it knows stands in values of its own, one for each thing that may be shut: an account's
/// windows and key, an origin, a row's models.
///
/// Times are the engine's uptime, so that a jump of the wall clock neither opens nor closes a row.
struct Router {
    let settings: EngineSettings
    private(set) var rows: [LoadedRow] = []
    private(set) var members: [Member] = []
    private(set) var aliases: [ModelAlias] = []
    private(set) var aliasNames = ModelAliases()
    private var pools = PoolCache([], [])
    private(set) var underWay: UnderWay
    // By number; see ``Numbers``.
    var rowStates: [RowState] = []
    var accounts: [AccountState] = []
    var origins: [OriginHealth] = []
    private var numbers = Numbers()
    /// What operators have paused, by the rows' names; it outlasts a new file.
    private(set) var pauses: [String: RowPause] = [:]
    private let key: SymmetricKey

    /// Takes the rows of `catalogue`; `secret` is the store's, by which accounts are known.
    init(_ catalogue: Catalogue, settings: EngineSettings, secret: [UInt8]) {
        self.settings = settings
        underWay = UnderWay(most: settings.mostCalls)
        key = SymmetricKey(data: secret)
        load(catalogue)
    }

    /// Takes new rows.
    ///
    /// Calls under way, windows and what is known of hosts are remembered; refused keys are forgotten, and what is known of a
    /// row whose configuration has changed.
    mutating func replace(with catalogue: Catalogue) {
        load(catalogue)
        for index in rowStates.indices { rowStates[index].fault = nil }
        for index in accounts.indices {
            accounts[index].key.clear()
            _ = accounts[index].suspicion.clear()
        }
    }

    /// Takes what operators have paused, all of it: rows that are no longer go on by and by, as after an outage.
    mutating func pause(_ pauses: [RowPause]) {
        let old = self.pauses
        self.pauses = Dictionary(pauses.map { ($0.row, $0) }) { first, _ in first }
        for loaded in rows where old[loaded.row.name] != nil && self.pauses[loaded.row.name] == nil {
            rowStates[loaded.number].beginAnew()
        }
    }

    /// That the row of a choice is paused; nil where it is not.
    func pause(of choice: Choice) -> RowPause? {
        pauses.isEmpty || !Promise.pausesHold.holds ? nil : pauses[choice.member.row.name]
    }

    private mutating func load(_ catalogue: Catalogue) {
        var segments: [String: Set<String>] = [:]
        for endpoint in catalogue.rows.compactMap(\.endpoint) {
            segments[endpoint.origin, default: []].insert(endpoint.firstSegment)
        }
        rows = []
        members = []
        aliases = catalogue.aliases
        aliasNames = catalogue.aliasNames
        for row in catalogue.rows {
            let loaded = LoadedRow(row, number: numbers.row(row.name))
            if loaded.number == rowStates.count { rowStates.append(RowState(configuration: row.configurationHash)) }
            if rowStates[loaded.number].configuration != row.configurationHash {
                rowStates[loaded.number] = RowState(configuration: row.configurationHash)
            }
            rows.append(loaded)
            let isSplit = row.endpoint.map { (segments[$0.origin]?.count ?? 0) > 1 } ?? false
            let slots: [Credential?] = row.credentials.isEmpty ? [nil] : row.credentials
            let usable = slots.count { $0 == nil || $0?.secret != nil }
            for slot in slots { members.append(member(loaded, slot, sharing: max(usable, 1), isSplit: isSplit)) }
        }
        pools = PoolCache(members, catalogue.aliases)
    }

    private mutating func member(_ loaded: LoadedRow, _ slot: Credential?, sharing: Int, isSplit: Bool) -> Member {
        let id = AccountID(loaded.row, slot, isSplit: isSplit, key: key)
        let account = numbers.account(id)
        if account == accounts.count { accounts.append(AccountState()) }
        let origin = loaded.row.endpoint.map { numbers.origin($0.origin) }
        if origin == origins.count { origins.append(OriginHealth()) }
        return Member(
            loaded,
            slot,
            number: numbers.member(loaded.row.name, slot?.slot),
            account: account,
            accountID: id,
            origin: origin,
            weight: Double(loaded.row.weight) / Double(sharing),
            seed: Rendezvous.seed(loaded.row.name, id)
        )
    }

    /// Who may answer.
    mutating func pool(_ key: RouteKey) -> Pool { pools.pool(key) }

    // MARK: Permits

    /// Sets aside up to `count` permits for jobs of a group, and some on other rows for jobs that have failed before.
    ///
    /// `owner` tells whose jobs; nil stands for whoever is not named, see ``named(for:)``.
    mutating func reserve(
        _ group: JobGroup,
        _ owner: OwnerID?,
        count: Int,
        at uptime: Duration,
        using random: inout some RandomNumberGenerator
    ) -> (permits: [Permit], alternates: [Permit]) {
        let wish = Wish(group, owner: owner, isQueued: true)
        let pool = pool(wish.key)
        var permits: [Permit] = []
        while permits.count < count, let choice = choose(pool, wish, at: uptime, using: &random) {
            let permit = take(choice, wish, at: uptime)
            permits.append(permit)
            guard !pool.isShared, !permit.isProbe else { continue }
            // Nothing is left to draw: the rest comes from the same member, as far as its room goes.
            let more = min(count - permits.count, room(of: choice, owner))
            guard more > 0 else { break }
            occupy(permit, more)
            permits += repeatElement(permit, count: more)
        }
        guard !permits.isEmpty else { return ([], []) }
        let chosen = Set(permits.map(\.name))
        var alternates: [Permit] = []
        for choice in pool.choices where !chosen.contains(choice.name) {
            if case .ready = standing(of: choice, wish, at: uptime) {
                alternates.append(take(choice, wish, at: uptime))
            }
        }
        return (permits, alternates)
    }

    /// Sets one permit aside for a call; nil when nobody is ready.
    mutating func permit(
        for wish: Wish,
        at uptime: Duration,
        using random: inout some RandomNumberGenerator
    ) -> Permit? {
        let pool = pool(wish.key)
        guard let choice = choose(pool, wish, at: uptime, using: &random) else { return nil }
        let permit = take(choice, wish, at: uptime)
        if let owner = wish.owner { begin(permit, of: owner) }
        return permit
    }

    /// Exchanges a permit whose call brought no answer for one that `wish` takes.
    ///
    /// Unless it is exchanged, the permit stays as it was.
    mutating func exchange(
        _ permit: Permit,
        for wish: Wish,
        at uptime: Duration,
        using random: inout some RandomNumberGenerator
    ) -> NextPermit {
        let pool = pool(wish.key)
        guard pool.choices.contains(where: { wish.takes($0) }) else { return .none }
        // The call is over, so its own permit counts as room: a full row can still offer its other credential.
        vacate(permit, 1)
        if let owner = wish.owner { end(permit, of: owner) }
        if let choice = choose(pool, wish, at: uptime, using: &random) {
            endProbes(permit)
            let next = take(choice, wish, at: uptime)
            if let owner = wish.owner { begin(next, of: owner) }
            return .taken(next)
        }
        occupy(permit, 1)
        if let owner = wish.owner { begin(permit, of: owner) }
        return waiting(pool, wish, at: uptime)
    }

    /// Who could serve it later.
    private func waiting(_ pool: Pool, _ wish: Wish, at uptime: Duration) -> NextPermit {
        var isBusy = false
        var closed: [Duration?] = []
        for choice in pool.choices where wish.takes(choice) {
            switch standing(of: choice, wish, at: uptime) {
            case .ready, .probe, .full: isBusy = true
            case .shut(let hold):
                // Whoever has paused a row lets it go on: what another one turns away waits for that.
                if hold.isPassing || hold.kind == .paused { closed.append(hold.opensIn) }
            }
        }
        if isBusy { return .busy }
        return closed.isEmpty ? .none : .closed(closed.compactMap(\.self).min())
    }

    /// Gives permits back; those that lie side by side are mostly one object.
    mutating func release(_ permits: some Collection<Permit>) {
        var rest = permits[...]
        while let first = rest.first {
            let same = rest.prefix { $0 === first }
            vacate(first, same.count)
            endProbes(first)
            rest = rest[same.endIndex...]
        }
    }

    /// A call of `owner` begins with a permit that was set aside.
    mutating func begin(_ permit: Permit, of owner: OwnerID) {
        underWay.begin(owner)
        guard permit.isQueued else { return }
        rowStates[permit.member.loaded.number].change(permit.upstream) { $0.ramp.begin(owner) }
        // What was only set aside was not sent: else who has nothing due would use up the one call of each minute.
        if let mark = permit.marks?.suspicion { accounts[permit.member.account].suspicion.noteSent(at: mark) }
    }

    /// A call of `owner` is over; its permit is given back by itself.
    mutating func end(_ permit: Permit, of owner: OwnerID) {
        underWay.end(owner)
        guard permit.isQueued else { return }
        rowStates[permit.member.loaded.number].change(permit.upstream) { $0.ramp.end(owner) }
    }

    /// The owners for whom it is not the same as for all others whether a group is served.
    mutating func named(for group: JobGroup) -> Set<OwnerID> {
        var named = Set(underWay.fullOwners)
        for choice in pool(group.key).choices {
            named.formUnion(accounts[choice.member.account].named(for: choice.upstream))
            let state = rowStates[choice.member.loaded.number].models[choice.upstream]
            if let owner = state.breaker.affected?.owner { named.insert(owner) }
            named.formUnion(state.ramp.named)
        }
        return named
    }

    private mutating func take(_ choice: Choice, _ wish: Wish, at uptime: Duration) -> Permit {
        let permit = Permit(choice, isQueued: wish.isQueued, marks: beginProbes(choice, wish, at: uptime))
        occupy(permit, 1)
        return permit
    }

    private mutating func occupy(_ permit: Permit, _ count: Int) {
        let (row, member) = (permit.member.loaded.number, permit.member.number)
        underWay.add(count, row: row, member: member, isQueued: permit.isQueued)
        if permit.isQueued { rowStates[row].change(permit.upstream) { $0.ramp.take(count) } }
    }

    private mutating func vacate(_ permit: Permit, _ count: Int) {
        let (row, member) = (permit.member.loaded.number, permit.member.number)
        underWay.add(-count, row: row, member: member, isQueued: permit.isQueued)
        if permit.isQueued { rowStates[row].change(permit.upstream) { $0.ramp.giveBack(count) } }
    }

    private mutating func beginProbes(_ choice: Choice, _ wish: Wish, at uptime: Duration) -> Permit.Marks? {
        guard case .probe = passage(of: choice, wish, at: uptime) else { return nil }
        let (member, upstream, row) = (choice.member, choice.upstream, choice.member.loaded.number)
        var marks = Permit.Marks()
        if accounts[member.account].key.passage(for: upstream, each: settings.credentialProbe, at: uptime) == .probe {
            marks.key = accounts[member.account].key.beginProbe(at: uptime)
        }
        (marks.account, marks.window) = accounts[member.account]
            .beginProbe(of: wish.owner, for: upstream, at: uptime)
        if wish.isQueued, accounts[member.account].suspicion.passage(at: uptime) == .probe {
            marks.suspicion = accounts[member.account].suspicion.beginProbe(at: uptime)
        }
        if let origin = member.origin, origins[origin].passage(at: uptime) == .probe {
            marks.origin = origins[origin].beginProbe(at: uptime)
        }
        if rowStates[row].models[upstream].breaker.passage(of: wish.owner, at: uptime) == .probe {
            marks.breaker = rowStates[row].change(upstream) { $0.breaker.beginProbe(at: uptime) }
        }
        if rowStates[row].fault?.passage(each: settings.credentialProbe, at: uptime) == .probe {
            marks.row = rowStates[row].fault?.beginProbe(at: uptime)
        }
        return marks
    }

    private mutating func endProbes(_ permit: Permit) {
        guard let marks = permit.marks else { return }
        let (member, upstream) = (permit.member, permit.upstream)
        accounts[member.account].key.endProbe(marks.key)
        accounts[member.account].suspicion.endProbe(marks.suspicion)
        accounts[member.account].endProbe(for: upstream, whole: marks.account, window: marks.window)
        if let origin = member.origin { origins[origin].endProbe(marks.origin) }
        if marks.row != nil { rowStates[member.loaded.number].fault?.endProbe(marks.row) }
        if marks.breaker != nil {
            rowStates[member.loaded.number].change(upstream) { $0.breaker.endProbe(marks.breaker) }
        }
    }

    /// How many more jobs of the queue are taken.
    private func room(of choice: Choice, _ owner: OwnerID?) -> Int {
        let row = choice.member.loaded.number
        return min(
            underWay.room(isQueued: true),
            underWay.room(ofRow: row, allowing: choice.member.row.concurrency),
            rowStates[row].models[choice.upstream].ramp.room(for: owner)
        )
    }

    // MARK: Who is ready

    /// One that is ready, out of the first tier that has one: by its session, or drawn by weight.
    private func choose(
        _ pool: Pool,
        _ wish: Wish,
        at uptime: Duration,
        using random: inout some RandomNumberGenerator
    ) -> Choice? {
        if !pool.isShared {
            guard let choice = pool.choices.first, wish.takes(choice) else { return nil }
            return standing(of: choice, wish, at: uptime).isReady ? choice : nil
        }
        var candidates: [Choice] = []
        var tier: Int?
        for choice in pool.choices where wish.takes(choice) {
            if let tier, choice.tier > tier { break }
            switch standing(of: choice, wish, at: uptime) {
            case .ready, .probe:
                tier = choice.tier
                candidates.append(choice)
            // The queue waits for a place where it is meant to go; a caller is served wherever there is one.
            case .full: if wish.isQueued { tier = choice.tier }
            case .shut: break
            }
        }
        // Whoever may be out of money is asked last.
        let unsuspected = candidates.filter { !accounts[$0.member.account].suspicion.isRaised }
        if !unsuspected.isEmpty { candidates = unsuspected }
        if let history = wish.history {
            let same = candidates.filter { $0.member.accountID.description == history }
            if !same.isEmpty { candidates = same }
        }
        guard candidates.count > 1 else { return candidates.first }
        if let session = wish.session, candidates.allSatisfy(\.member.row.keepsSessions) {
            return Rendezvous.choose(session, of: candidates, pool) { underWay[member: $0.number] }
        }
        var draw = Double.random(in: 0..<candidates.reduce(0) { $0 + $1.weight }, using: &random)
        for choice in candidates {
            draw -= choice.weight
            if draw < 0 { return choice }
        }
        return candidates.last
    }

    /// How a choice stands to a call.
    func standing(of choice: Choice, _ wish: Wish, at uptime: Duration) -> Standing {
        let member = choice.member
        guard member.isSetUp, pause(of: choice) == nil else { return .shut(hold(choice, wish, at: uptime)) }
        let passage = passage(of: choice, wish, at: uptime)
        if case .shut = passage { return .shut(hold(choice, wish, at: uptime)) }
        let row = member.loaded.number
        if underWay.room(isQueued: wish.isQueued) <= 0 { return .full(.all) }
        if let owner = wish.owner, underWay.room(of: owner, atRow: row) <= 0 { return .full(.owner) }
        if underWay.room(ofRow: row, allowing: member.row.concurrency) <= 0 { return .full(.row) }
        if wish.isQueued, rowStates[row].models[choice.upstream].ramp.room(for: wish.owner) <= 0 {
            return .full(.ramp)
        }
        return passage == .probe ? .probe : .ready
    }

    private func passage(of choice: Choice, _ wish: Wish, at uptime: Duration) -> Passage {
        let (member, upstream) = (choice.member, choice.upstream)
        var passage = accounts[member.account].passage(of: wish.owner, for: upstream, at: uptime)
            .and(accounts[member.account].key.passage(for: upstream, each: settings.credentialProbe, at: uptime))
            .and(rowStates[member.loaded.number].models[upstream].breaker.passage(of: wish.owner, at: uptime))
        if let origin = member.origin { passage = passage.and(origins[origin].passage(at: uptime)) }
        if let fault = rowStates[member.loaded.number].fault {
            passage = passage.and(fault.passage(each: settings.credentialProbe, at: uptime))
        }
        if wish.isQueued || !Promise.suspicionRefusesNobody.holds {
            passage = passage.and(accounts[member.account].suspicion.passage(at: uptime))
        }
        return passage
    }
}
