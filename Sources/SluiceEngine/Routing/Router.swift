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
    private(set) var running: [String: Int] = [:]
    let settings: EngineSettings

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

    /// Changes what is known of the row on which `permit` was given; nil where there is nothing to change.
    @discardableResult
    mutating func withRow<Result>(_ permit: Permit, _ change: (inout RowState) -> Result) -> Result? {
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
