import SluiceProvider
import SluiceStore
import SluiceTypes

/// Decides which row takes which job: a plain value, asked under a lock.
///
/// It does nothing itself.
///
/// Times are the engine's uptime, so that a jump of the wall clock neither opens nor closes a row.
struct Router {
    private(set) var rows: [RowState]
    /// Calls under way by row name; it outlives a reload, so that the old rows' calls still count.
    private var running: [String: Int] = [:]
    private let settings: EngineSettings

    init(_ catalogue: Catalogue, settings: EngineSettings) {
        self.settings = settings
        rows = catalogue.rows.map { RowState($0) }
    }

    /// Takes new rows: windows and refused credentials are forgotten, calls under way are not.
    mutating func replace(with catalogue: Catalogue) {
        rows = catalogue.rows.map { RowState($0) }
    }

    /// The rows that fit `model` best, in the file's order: the pool.
    func pool(_ operation: Operation, _ model: String) -> [Int] {
        var pool: [Int] = []
        var best = ModelFit.pattern(0)
        for index in rows.indices where rows[index].row.operations.contains(operation) {
            guard let fit = rows[index].row.closeness(to: model), fit >= best else { continue }
            if fit > best { pool = [] }
            best = fit
            pool.append(index)
        }
        return pool
    }

    /// Sets aside up to `count` permits for jobs of `group`, and some on other rows for jobs that have failed before.
    mutating func reserve(
        _ group: JobGroup,
        count: Int,
        at uptime: Duration,
        using random: inout some RandomNumberGenerator
    ) -> (permits: [Permit], alternates: [Permit]) {
        let model = group.route
        let pool = pool(group.operation, model)
        var permits: [Permit] = []
        while permits.count < count, let (index, isSole) = choose(pool, nil, model, at: uptime, using: &random) {
            guard let permit = take(index, nil, model, at: uptime) else { break }
            permits.append(permit)
            guard isSole, !permit.isProbe else { continue }
            // Nothing is left to draw: the rest comes from the same row, as far as its room goes.
            let more = min(count - permits.count, room(of: index))
            guard more > 0 else { continue }
            running[permit.row.name, default: 0] += more
            permits += repeatElement(permit, count: more)
        }
        guard !permits.isEmpty else { return ([], []) }
        let chosen = Set(permits.map(\.row.name))
        var alternates: [Permit] = []
        for index in pool where !chosen.contains(rows[index].row.name) && hasRoom(index) {
            if let permit = take(index, nil, model, at: uptime) { alternates.append(permit) }
        }
        return (permits, alternates)
    }

    /// Sets one permit aside for a call of `owner`; nil when no row is open or every open one is full.
    mutating func permit(
        for group: JobGroup,
        _ owner: OwnerID,
        at uptime: Duration,
        using random: inout some RandomNumberGenerator
    ) -> Permit? {
        let pool = pool(group.operation, group.route)
        guard let (index, _) = choose(pool, owner, group.route, at: uptime, using: &random) else { return nil }
        return take(index, owner, group.route, at: uptime)
    }

    /// Exchanges a permit whose call was refused for one that is not among `used`: another credential, or another row.
    ///
    /// Unless it is exchanged, the permit stays as it was.
    mutating func exchange(
        _ permit: Permit,
        after used: Set<PermitName>,
        for job: ClaimedJob,
        at uptime: Duration
    ) -> NextPermit {
        // The call is over, so its own permit counts as room: a full row can still offer its other credential.
        running[permit.row.name, default: 1] -= 1
        let next = findNext(after: used, job, at: uptime)
        running[permit.row.name, default: 0] += 1
        switch next {
        case .free(let index, let slot):
            release([permit])
            return .taken(occupy(index, slot, job.model, isProbe: false, at: uptime))
        case .busy: return .busy
        case .closed(let pause): return .closed(pause)
        case .none: return .none
        }
    }

    private enum Next {
        case free(Int, String?)
        case busy
        case closed(Duration)
        case none
    }

    private func findNext(after used: Set<PermitName>, _ job: ClaimedJob, at uptime: Duration) -> Next {
        var isBusy = false
        var opensIn: Duration?
        for index in pool(job.operation, job.model).sorted(by: { rows[$0].row.priority < rows[$1].row.priority })
        where rows[index].row.unavailable == nil {
            let row = rows[index].row
            let slots: [String?] = row.credentials.isEmpty ? [nil] : rows[index].usableCredentials(at: uptime)
            for slot in slots where !used.contains(PermitName(row: row.name, credential: slot)) {
                let state = rows[index].state(of: job.model)
                if !state.admits(job.owner, at: uptime) {
                    let pause = max(
                        state.window.closedFor(at: uptime) ?? .zero,
                        state.breaker.opensIn(at: uptime) ?? .zero
                    )
                    opensIn = min(opensIn ?? pause, pause)
                } else if hasRoom(index) {
                    return .free(index, slot)
                } else {
                    isBusy = true
                }
            }
        }
        return isBusy ? .busy : opensIn.map { .closed($0) } ?? .none
    }

    /// Gives permits back; those that lie side by side are mostly of one row.
    mutating func release(_ permits: some Collection<Permit>) {
        var rest = permits[...]
        while let first = rest.first {
            let ofRow = rest.prefix { $0.loaded === first.loaded }
            running[first.row.name, default: ofRow.count] -= ofRow.count
            for permit in ofRow where permit.isProbe { endProbe(permit) }
            rest = rest[ofRow.endIndex...]
        }
    }

    private mutating func endProbe(_ permit: Permit) {
        if permit.isCredentialProbe { withRow(permit) { $0.endProbe(permit.credential) } }
        if let begun = permit.breakerProbe {
            withRow(permit) { $0.change(permit.upstream, at: begun) { $0.breaker.endProbe(begun: begun) } }
        }
    }

    @discardableResult
    private mutating func withRow<Result>(_ permit: Permit, _ change: (inout RowState) -> Result) -> Result? {
        // A row that a reload replaced has nothing to learn from calls that began before.
        guard let index = rows.firstIndex(where: { $0.loaded === permit.loaded }) else { return nil }
        return change(&rows[index])
    }

    private func hasRoom(_ index: Int) -> Bool { room(of: index) > 0 }

    /// How many more calls the row takes; below zero after a reload that allows it fewer.
    private func room(of index: Int) -> Int {
        rows[index].row.concurrency - running[rows[index].row.name, default: 0]
    }

    /// One open row with room out of the first priority that has an open row, drawn by weight, and whether it was the only
    /// one to draw.
    private func choose(
        _ pool: [Int],
        _ owner: OwnerID?,
        _ model: String,
        at uptime: Duration,
        using random: inout some RandomNumberGenerator
    ) -> (index: Int, isSole: Bool)? {
        let open = pool.filter { rows[$0].isOpen(to: owner, for: model, at: uptime, settings) }
        guard let first = open.map({ rows[$0].row.priority }).min() else { return nil }
        let candidates = open.filter { rows[$0].row.priority == first && hasRoom($0) }
        guard candidates.count > 1 else { return candidates.first.map { ($0, true) } }
        var draw = Int.random(in: 0..<candidates.reduce(0) { $0 + rows[$1].row.weight }, using: &random)
        for index in candidates {
            draw -= rows[index].row.weight
            if draw < 0 { return (index, false) }
        }
        return nil
    }

    private mutating func take(_ index: Int, _ owner: OwnerID?, _ model: String, at uptime: Duration) -> Permit? {
        guard rows[index].isOpen(to: owner, for: model, at: uptime, settings) else { return nil }
        if rows[index].row.credentials.isEmpty { return occupy(index, nil, model, isProbe: false, at: uptime) }
        if let slot = rows[index].usableCredentials(at: uptime).first {
            return occupy(index, slot, model, isProbe: false, at: uptime)
        }
        guard let slot = rows[index].beginProbe(at: uptime, settings) else { return nil }
        return occupy(index, slot, model, isProbe: true, at: uptime)
    }

    private mutating func occupy(
        _ index: Int,
        _ slot: String?,
        _ model: String,
        isProbe: Bool,
        at uptime: Duration
    ) -> Permit {
        let loaded = rows[index].loaded
        running[loaded.row.name, default: 0] += 1
        let upstream = loaded.row.upstreamName(of: model)
        let begun =
            rows[index].models[upstream].breaker.isOpen
            ? rows[index].change(upstream, at: uptime) { $0.breaker.begin(at: uptime) } : nil
        return Permit(
            loaded: loaded,
            upstream: upstream,
            credential: slot,
            secret: loaded.row.credentials.first { $0.slot == slot }?.secret,
            isCredentialProbe: isProbe,
            breakerProbe: begun
        )
    }
}

// What calls teach about rows.
extension Router {
    /// The provider answered a call of `owner`: its window, its breaker and its credential are in order.
    mutating func noteAnswer(_ permit: Permit, to owner: OwnerID, at uptime: Duration) {
        withRow(permit) { row in
            row.noteAnswer(permit.credential)
            row.change(permit.upstream, at: uptime) { state in
                state.window.noteAnswer()
                state.breaker.noteAnswer(to: owner, at: uptime)
            }
        }
    }

    /// The provider asked for patience, for `pause` where it said how long.
    ///
    /// Returns how long the row stays closed for the model.
    mutating func noteRateLimit(_ permit: Permit, pause: Duration?, at uptime: Duration) -> Duration {
        let guess = settings.rateLimitPause
        let closed = withRow(permit) { row in
            row.change(permit.upstream, at: uptime) { $0.window.close(for: pause, guessing: guess, at: uptime) }
        }
        return closed ?? pause ?? guess
    }

    /// A call failed, and it may be the provider's fault.
    ///
    /// Returns how long the row rests for the model: nil when it goes on.
    mutating func noteFailure(_ permit: Permit, of job: ClaimedJob, at uptime: Duration) -> Duration? {
        let rest = withRow(permit) { row in
            row.change(permit.upstream, at: uptime) { state in
                state.breaker.noteFailure(of: job.id, job.owner, probe: permit.breakerProbe, at: uptime)
                return state.breaker.opensIn(at: uptime)
            }
        }
        return rest ?? nil
    }

    /// The provider refused the credential.
    ///
    /// False when that was known before: another job has paid for the news.
    mutating func noteRefusal(_ permit: Permit, reason: String, at uptime: Duration) -> Bool {
        withRow(permit) { $0.refuse(permit.credential, reason: reason, at: uptime) } ?? false
    }
}

// What others are told.
extension Router {
    func offer(_ operation: Operation, _ model: String) -> Offer {
        let pool = pool(operation, model)
        guard pool.isEmpty else {
            guard let first = pool.first, pool.allSatisfy({ rows[$0].row.unavailable != nil }) else { return .served }
            return .unavailable(row: rows[first].row.name)
        }
        let serving = rows.map(\.row).filter { $0.operations.contains(operation) }
        guard !serving.isEmpty else {
            let served = Set(rows.flatMap(\.row.operations))
            return .unknownOperation(served: Operation.allCases.filter(served.contains))
        }
        var allowed: [String] = []
        for name in serving.flatMap({ $0.models.map(\.text) + $0.listed }) where !allowed.contains(name) {
            allowed.append(name)
        }
        let names = allowed.filter { !$0.contains("*") }
        return .unknownModel(allowed: allowed, nearest: Suggestion.nearest(to: model, among: names))
    }

    /// Why no row takes jobs of `group` now, and when one may at the earliest; nil when one does, or is merely full.
    func hold(_ group: JobGroup, for owner: OwnerID? = nil, at uptime: Duration) -> Hold? {
        let pool = pool(group.operation, group.route)
        guard !pool.isEmpty else {
            return Hold(
                kind: .lack,
                row: nil,
                detail: "no provider row serves \(group.operation.rawValue) with model \(group.route); add one to "
                    + "providers.json and reload",
                opensIn: nil
            )
        }
        let isOpen = pool.contains { rows[$0].isOpen(to: owner, for: group.route, at: uptime, settings) }
        guard !isOpen else { return nil }
        let holds = pool.map { rows[$0].hold(for: group.route, at: uptime, settings) }
        // What ends by itself is told before what only an operator can mend.
        guard var told = holds.first(where: { $0.kind != .lack }) ?? holds.first else { return nil }
        told.opensIn = holds.compactMap(\.opensIn).min()
        return told
    }

    /// How long until the first closed row that serves `group` may open by itself, whatever the others do; nil when none
    /// will.
    func opensIn(_ group: JobGroup, at uptime: Duration) -> Duration? {
        pool(group.operation, group.route)
            .filter { !rows[$0].isOpen(for: group.route, at: uptime, settings) }
            .compactMap { rows[$0].hold(for: group.route, at: uptime, settings).opensIn }
            .min()
    }

    /// True when nothing but an operator, or a probe that goes well, makes a row take jobs of `group`: something is
    /// missing or refused, or calls fail, and no provider merely asked for patience.
    func isDown(_ group: JobGroup) -> Bool {
        pool(group.operation, group.route).allSatisfy { index in
            rows[index].lack != nil || rows[index].state(of: group.route).breaker.isOpen
        }
    }

    /// The rows in the file's order.
    var catalogue: [ProviderRow] { rows.map(\.row) }

    func status(at uptime: Duration, now: Timestamp) -> [RowStatus] {
        rows.map { state in
            let row = state.row
            return RowStatus(
                name: row.name,
                adapterID: row.adapterID,
                operations: Operation.allCases.filter(row.operations.contains),
                patterns: row.models.map(\.text),
                listed: row.listed,
                baseURL: row.endpoint?.baseURL,
                credentials: state.credentialStatus,
                concurrency: row.concurrency,
                running: running[row.name, default: 0],
                unavailable: state.lack,
                isSetUp: row.unavailable == nil,
                models: state.models.all.compactMap { model, state in
                    RowStatus.ModelStatus(model, state, at: uptime, now)
                }
            )
        }
    }
}
