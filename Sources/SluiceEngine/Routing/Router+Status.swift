import SluiceProvider
import SluiceStore
import SluiceTypes

// What others are told.
extension Router {
    /// Whether what stands in `key` can be asked for, its route being one model.
    mutating func offer(_ key: RouteKey) -> Offer {
        let operation = key.operation
        let pool = pool(key)
        guard pool.choices.isEmpty else {
            guard let first = pool.choices.first, pool.choices.allSatisfy({ $0.member.row.unavailable != nil }) else {
                return .served
            }
            return .unavailable(row: first.member.row.name)
        }
        if key.isBound {
            switch offer(key.unbound) {
            case .served, .unavailable: return .unshared
            case let offer: return offer
            }
        }
        let others = RequestFormat.allCases.filter { format in
            !self.pool(RouteKey(operation, format, key.route)).choices.isEmpty
        }
        guard others.isEmpty else { return .otherFormat(served: others) }
        let all = rows.map(\.row).filter { $0.operations.contains(operation) }
        let fitting = all.filter { $0.takes(operation, in: key.format) }
        let serving = fitting.isEmpty ? all : fitting
        guard !serving.isEmpty else {
            let served = Set(rows.flatMap(\.row.operations))
            return .unknownOperation(served: Operation.allCases.filter(served.contains))
        }
        var allowed = aliases.filter { alias in
            !self.pool(RouteKey(operation, key.format, alias.name)).choices.isEmpty
        }.map(\.name)
        for name in serving.flatMap({ $0.models.map(\.text) + $0.listed }) where !allowed.contains(name) {
            allowed.append(name)
        }
        let names = allowed.filter { !$0.contains("*") }
        return .unknownModel(allowed: allowed, nearest: Suggestion.nearest(to: key.route, among: names))
    }

    /// The aliases of which some row can be used, as lists of one name.
    mutating func aliasLists() -> [ModelList] {
        aliases.compactMap { alias in
            var list = ModelList(row: "alias", operations: [], formats: [], names: [alias.name])
            for operation in Operation.allCases {
                for format in RequestFormat.allCases
                where pool(RouteKey(operation, format, alias.name)).choices.contains(where: { $0.member.isSetUp }) {
                    list.operations.insert(operation)
                    list.formats.insert(format)
                }
            }
            return list.operations.isEmpty ? nil : list
        }
    }

    /// Why nobody takes the call now, and when somebody may at the earliest; nil when somebody does, or is merely full.
    mutating func hold(_ wish: Wish, at uptime: Duration) -> Hold? {
        let pool = pool(wish.key)
        guard !pool.choices.isEmpty else {
            let models = ModelRoute(text: wish.key.route).models.joined(separator: " or ")
            let (operation, format) = (wish.key.operation.rawValue, wish.key.format.rawValue)
            if wish.key.isBound, isServed(wish.key.unbound) {
                return Hold(
                    kind: .lack,
                    row: nil,
                    detail:
                        "the request names state that a provider holds for its account, and no provider row that serves "
                        + "\(operation) with model \(models) in the format \(format) has \"sharedState\"",
                    opensIn: nil
                )
            }
            return Hold(
                kind: .lack,
                row: nil,
                detail: "no provider row serves \(operation) with model \(models) and takes the format \(format); add "
                    + "one to providers.json and reload",
                opensIn: nil
            )
        }
        var holds: [Hold] = []
        for choice in pool.choices where wish.takes(choice) {
            guard case .shut(let hold) = standing(of: choice, wish, at: uptime) else { return nil }
            holds.append(hold)
        }
        // What ends by itself is told before what only an operator can mend.
        guard var told = holds.first(where: \.isPassing) ?? holds.first else {
            return Hold(kind: .lack, row: nil, detail: "nobody else serves the model", opensIn: nil)
        }
        told.opensIn = holds.compactMap(\.opensIn).min()
        return told
    }

    /// What there is too little of, where somebody takes the call and is merely full.
    mutating func shortage(_ wish: Wish, at uptime: Duration) -> WaiterQueue.Delay {
        var shortages: Set<Standing.Shortage> = []
        for choice in pool(wish.key).choices where wish.takes(choice) {
            if case .full(let shortage) = standing(of: choice, wish, at: uptime) { shortages.insert(shortage) }
        }
        if shortages.contains(.all) { return .all }
        if shortages.contains(.owner), let owner = wish.owner { return .owner(owner) }
        return .pool
    }

    /// How long until the first that is shut may open by itself, whatever the others do; nil when none will.
    mutating func opensIn(_ wish: Wish, at uptime: Duration) -> Duration? {
        pool(wish.key).choices.filter { wish.takes($0) }.compactMap { choice in
            if case .shut(let hold) = standing(of: choice, wish, at: uptime) { hold.opensIn } else { nil }
        }.min()
    }

    /// Whether any row serves the model, whether it can be used or not.
    mutating func isServed(_ key: RouteKey) -> Bool {
        !pool(key.unbound).choices.isEmpty
    }

    /// True when nobody takes jobs of `group` but for one at a time, to find out: the wait is none for a place.
    mutating func isHeld(_ group: JobGroup, at uptime: Duration) -> Bool {
        let wish = Wish(group, owner: nil, isQueued: true)
        let choices = pool(group.key).choices
        // Whoever waits for an operator does not lose patience.
        if choices.contains(where: { pause(of: $0) != nil }) { return false }
        return choices.allSatisfy { choice in
            switch standing(of: choice, wish, at: uptime) {
            case .shut, .probe: true
            case .ready, .full: false
            }
        }
    }

    /// Why a choice takes no call.
    func hold(_ choice: Choice, _ wish: Wish, at uptime: Duration) -> Hold {
        let (member, upstream) = (choice.member, choice.upstream)
        let name = member.row.name
        let account = accounts[member.account]
        let key = account.key.passage(for: upstream, each: settings.credentialProbe, at: uptime)
        // Of several reasons the one that lasts longest is told; a model may be shut for longer than the key.
        let passing = passing(member, upstream, wish, at: uptime)
        if let pause = pause(of: choice) {
            let detail =
                "it is paused since \(pause.since) by \(pause.actor); `sluice provider resume \(name)` ends that"
            return Hold(kind: .paused, row: name, detail: detail, opensIn: nil)
        }
        if let lack = member.row.unavailable ?? (member.isSetUp ? nil : member.credential?.problem) {
            return Hold(kind: .lack, row: name, detail: lack, opensIn: nil)
        }
        if let fault = rowStates[member.loaded.number].fault,
            case .shut(let opensIn) = fault.passage(each: settings.credentialProbe, at: uptime)
        {
            return Hold(kind: .lack, row: name, detail: fault.reason, opensIn: opensIn)
        }
        if case .shut(let opensIn) = key, let reason = account.key.reason {
            let detail =
                "the provider refused \(member.credential?.slot ?? "the call") (\(reason.word)); mend it and run "
                + "`sluice provider reload`"
            var kind = Hold.Kind.refused
            if case .money = reason { kind = .money }
            let end = [opensIn, passing?.opensIn].compactMap(\.self).max()
            return Hold(kind: kind, row: name, detail: detail, opensIn: end)
        }
        if let passing { return passing }
        var opensIn: Duration?
        if case .shut(let end) = account.suspicion.passage(at: uptime) { opensIn = end }
        return Hold(
            kind: .suspected,
            row: name,
            detail:
                "the provider turned three jobs in a row away (402 or 403), so one a minute is sent; look after its "
                + "account and run `sluice provider reload`",
            opensIn: opensIn
        )
    }

    /// What is shut and opens by itself, the longest first; nil where nothing is.
    private func passing(_ member: Member, _ upstream: String, _ wish: Wish, at uptime: Duration) -> Hold? {
        let breaker = rowStates[member.loaded.number].models[upstream].breaker.passage(of: wish.owner, at: uptime)
        let reasons: [(Hold.Kind, String, Passage)] = [
            (
                .limit, "the provider asked to wait",
                accounts[member.account].passage(of: wish.owner, for: upstream, at: uptime)
            ),
            (.rest, "its calls fail, and it is tried again soon", breaker),
            (
                .away, "it can't be reached, and is tried again soon",
                member.origin.map { origins[$0].passage(at: uptime) } ?? .open
            ),
        ]
        let shut = reasons.compactMap { kind, detail, passage -> Hold? in
            guard case .shut(let opensIn) = passage else { return nil }
            return Hold(kind: kind, row: member.row.name, detail: detail, opensIn: opensIn)
        }
        return shut.max { ($0.opensIn ?? .zero) < ($1.opensIn ?? .zero) }
    }

    /// The rows in the file's order.
    var catalogue: [ProviderRow] { rows.map(\.row) }
}

// What operators are told.
extension Router {
    /// What operators are shown; `waiting` tells how many calls wait for a row, by its number.
    func status(at uptime: Duration, now: Timestamp, waiting: (Int) -> Int) -> [RowStatus] {
        rows.map { loaded in
            let row = loaded.row
            let members = members.filter { $0.loaded === loaded }
            let origin = members.first?.origin.map { origins[$0] }
            return RowStatus(
                name: row.name,
                adapterID: row.adapterID,
                operations: Operation.allCases.filter(row.operations.contains),
                formats: row.askedIn,
                patterns: row.models.map(\.text),
                listed: row.listed,
                baseURL: row.endpoint?.baseURL,
                sharedState: row.statePolicy.isShared,
                keepsResponses: row.formats.contains(.openAIResponses) ? row.statePolicy.keepsResponses : nil,
                receivesHistory: row.statePolicy.receivesHistory,
                store: row.statePolicy.store,
                pricing: row.pricing.words,
                credentials: members.compactMap { credentialStatus($0) },
                concurrency: row.concurrency,
                allowed: min(underWay.half, row.concurrency ?? underWay.half),
                running: underWay[row: loaded.number],
                waiting: waiting(loaded.number),
                pause: pauses[row.name],
                unavailable: lack(of: members),
                isSetUp: row.unavailable == nil,
                misconfigured: rowStates[loaded.number].misplacement.flatMap { $0.isOver ? nil : $0.sentence },
                awayUntil: origin?.restsUntil.map { now.adding($0 - uptime) },
                allowances: rowStates[loaded.number].allowances.known(at: uptime),
                models: members.flatMap { limits(of: $0, at: uptime, now) } + rests(of: loaded, at: uptime, now)
            )
        }
    }

    /// Why none of a row's members takes calls, with what to do.
    private func lack(of members: [Member]) -> String? {
        if let reason = members.first?.row.unavailable { return reason }
        if let row = members.first?.loaded.number, let fault = rowStates[row].fault { return fault.reason }
        let problems = members.map { member -> String? in
            guard let slot = member.credential?.slot, member.isSetUp else { return member.credential?.problem }
            guard let reason = accounts[member.account].key.reason, accounts[member.account].key.model == nil else {
                return nil
            }
            return "the provider refused \(slot) (\(reason.word)); mend it and run `sluice provider reload`"
        }
        return problems.contains(nil) ? nil : problems.first ?? nil
    }

    private func credentialStatus(_ member: Member) -> RowStatus.CredentialStatus? {
        guard let credential = member.credential else { return nil }
        let account = accounts[member.account]
        var problem = credential.problem
        if let reason = account.key.reason {
            problem = problem ?? "refused\(account.key.model.map { " for \($0)" } ?? ""): \(reason.word)"
        }
        if account.suspicion.isRaised { problem = problem ?? "suspected: three jobs in a row were turned away" }
        return RowStatus.CredentialStatus(slot: credential.slot, problem: problem)
    }

    /// The windows of a member's account that last.
    private func limits(of member: Member, at uptime: Duration, _ now: Timestamp) -> [RowStatus.ModelStatus] {
        let account = accounts[member.account]
        let windows = [(model: String?.none, state: account.whole)] + account.windows.all.map { ($0.model, $0.state) }
        return windows.compactMap { model, window in
            guard let end = window.end, end > uptime else { return nil }
            return RowStatus.ModelStatus(
                model: model,
                credential: member.credential?.slot,
                closedUntil: now.adding(end - uptime),
                owner: window.affected?.owner
            )
        }
    }

    /// The models of a row whose calls fail.
    private func rests(of loaded: LoadedRow, at uptime: Duration, _ now: Timestamp) -> [RowStatus.ModelStatus] {
        rowStates[loaded.number].models.all.compactMap { model, state in
            guard let end = state.breaker.restsUntil else { return nil }
            return RowStatus.ModelStatus(
                model: model,
                restsUntil: now.adding(max(end - uptime, .zero)),
                owner: state.breaker.affected?.owner
            )
        }
    }
}
