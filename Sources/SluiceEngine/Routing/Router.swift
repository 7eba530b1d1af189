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
        let fits = rows.indices.compactMap { index in
            let row = rows[index].row
            return row.operations.contains(operation) ? row.closeness(to: model).map { (index, $0) } : nil
        }
        guard let best = fits.map(\.1).max() else { return [] }
        return fits.filter { $0.1 == best }.map(\.0)
    }

    /// Sets aside up to `count` places for jobs of `group`, and some on other rows for jobs that have failed before.
    mutating func reserve(
        _ group: JobGroup,
        count: Int,
        at uptime: Duration,
        using random: inout some RandomNumberGenerator
    ) -> (places: [Place], alternates: [Place]) {
        let pool = pool(group.operation, group.model)
        var places: [Place] = []
        while places.count < count, let (index, isSole) = choose(pool, at: uptime, using: &random) {
            guard let place = take(index, at: uptime) else { break }
            places.append(place)
            guard isSole, !place.isProbe else { continue }
            // Nothing is left to draw: the rest comes from the same row, as far as its room goes.
            while places.count < count, hasRoom(index) {
                places.append(occupy(index, place.credential, isProbe: false))
            }
        }
        guard !places.isEmpty else { return ([], []) }
        let chosen = Set(places.map(\.row.name))
        var alternates: [Place] = []
        for index in pool where !chosen.contains(rows[index].row.name) && hasRoom(index) {
            if let place = take(index, at: uptime) { alternates.append(place) }
        }
        return (places, alternates)
    }

    /// Sets one place aside for a call; nil when no row is open or every open one is full.
    mutating func place(
        for group: JobGroup,
        at uptime: Duration,
        using random: inout some RandomNumberGenerator
    ) -> Place? {
        let pool = pool(group.operation, group.model)
        guard let (index, _) = choose(pool, at: uptime, using: &random) else { return nil }
        return take(index, at: uptime)
    }

    /// Exchanges a place whose call was refused for one that is not among `used`: another credential, or another row.
    ///
    /// Unless it is exchanged, the place stays as it was.
    mutating func exchange(
        _ place: Place,
        after used: Set<PlaceName>,
        _ operation: Operation,
        _ model: String,
        at uptime: Duration
    ) -> NextPlace {
        // The call is over, so its own place counts as room: a full row can still offer its other credential.
        running[place.row.name, default: 1] -= 1
        let next = findNext(after: used, operation, model, at: uptime)
        running[place.row.name, default: 0] += 1
        switch next {
        case .free(let index, let slot):
            release(place)
            return .taken(occupy(index, slot, isProbe: false))
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

    private func findNext(
        after used: Set<PlaceName>,
        _ operation: Operation,
        _ model: String,
        at uptime: Duration
    ) -> Next {
        var isBusy = false
        var opensIn: Duration?
        for index in pool(operation, model).sorted(by: { rows[$0].row.priority < rows[$1].row.priority })
        where rows[index].row.unavailable == nil {
            let row = rows[index].row
            let slots: [String?] = row.credentials.isEmpty ? [nil] : rows[index].usableCredentials(at: uptime)
            for slot in slots where !used.contains(PlaceName(row: row.name, credential: slot)) {
                if let pause = rows[index].closedFor(at: uptime) {
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

    /// Gives a place back.
    mutating func release(_ place: Place) {
        running[place.row.name, default: 1] -= 1
        if place.isProbe { withRow(place) { $0.endProbe(place.credential) } }
    }

    @discardableResult
    private mutating func withRow<Result>(_ place: Place, _ change: (inout RowState) -> Result) -> Result? {
        // A row that a reload replaced has nothing to learn from calls that began before.
        guard let index = rows.firstIndex(where: { $0.loaded === place.loaded }) else { return nil }
        return change(&rows[index])
    }

    private func hasRoom(_ index: Int) -> Bool {
        running[rows[index].row.name, default: 0] < rows[index].row.concurrency
    }

    /// One open row with room out of the first priority that has an open row, drawn by weight, and whether it was the only
    /// one to draw.
    private func choose(
        _ pool: [Int],
        at uptime: Duration,
        using random: inout some RandomNumberGenerator
    ) -> (index: Int, isSole: Bool)? {
        let open = pool.filter { rows[$0].isOpen(at: uptime, settings) }
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

    private mutating func take(_ index: Int, at uptime: Duration) -> Place? {
        guard rows[index].isOpen(at: uptime, settings) else { return nil }
        if rows[index].row.credentials.isEmpty { return occupy(index, nil, isProbe: false) }
        if let slot = rows[index].usableCredentials(at: uptime).first { return occupy(index, slot, isProbe: false) }
        guard let slot = rows[index].beginProbe(at: uptime, settings) else { return nil }
        return occupy(index, slot, isProbe: true)
    }

    private mutating func occupy(_ index: Int, _ slot: String?, isProbe: Bool) -> Place {
        let loaded = rows[index].loaded
        running[loaded.row.name, default: 0] += 1
        let secret = loaded.row.credentials.first { $0.slot == slot }?.secret
        return Place(loaded: loaded, credential: slot, secret: secret, isProbe: isProbe)
    }
}

// What calls teach about rows.
extension Router {
    /// The provider answered: its window and its credential are in order.
    mutating func noteAnswer(_ place: Place) {
        withRow(place) { $0.noteAnswer(place.credential) }
    }

    /// The provider asked for patience, for `pause` where it said how long.
    ///
    /// Returns how long the row stays closed.
    mutating func noteRateLimit(_ place: Place, pause: Duration?, at uptime: Duration) -> Duration {
        let settings = settings
        return withRow(place) { $0.close(for: pause, at: uptime, settings) } ?? pause ?? settings.rateLimitPause
    }

    /// The provider refused the credential.
    ///
    /// False when that was known before: another job has paid for the news.
    mutating func noteRefusal(_ place: Place, reason: String, at uptime: Duration) -> Bool {
        withRow(place) { $0.refuse(place.credential, reason: reason, at: uptime) } ?? false
    }
}

// What others are told.
extension Router {
    func offer(_ operation: Operation, _ model: String) -> Offer {
        let pool = pool(operation, model)
        guard pool.isEmpty else {
            let lacking = pool.compactMap { index in rows[index].row.unavailable.map { (rows[index].row.name, $0) } }
            guard lacking.count == pool.count, let first = lacking.first else { return .served }
            return .unavailable(row: first.0, reason: first.1)
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
    func hold(_ group: JobGroup, at uptime: Duration) -> Hold? {
        let pool = pool(group.operation, group.model)
        guard !pool.isEmpty else {
            return Hold(
                reason: "no provider row serves \(group.operation.rawValue) with model \(group.model); add one to "
                    + "providers.json and reload",
                opensIn: nil
            )
        }
        guard !pool.contains(where: { rows[$0].isOpen(at: uptime, settings) }) else { return nil }
        let holds = pool.map { rows[$0].hold(at: uptime, settings) }
        guard let first = holds.first else { return nil }
        return Hold(
            reason: first.reason,
            opensIn: holds.compactMap(\.opensIn).min()
        )
    }

    /// How long until the first closed row that serves `group` may open by itself, whatever the others do; nil when none
    /// will.
    func opensIn(_ group: JobGroup, at uptime: Duration) -> Duration? {
        pool(group.operation, group.model)
            .filter { !rows[$0].isOpen(at: uptime, settings) }
            .compactMap { rows[$0].hold(at: uptime, settings).opensIn }
            .min()
    }

    /// True when nothing but an operator, or a probe that goes well, makes a row take jobs of `group`: something is
    /// missing or refused, and no provider merely asked for patience.
    func lacks(_ group: JobGroup) -> Bool {
        pool(group.operation, group.model).allSatisfy { rows[$0].lack != nil }
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
                models: row.models.map(\.text),
                listed: row.listed,
                baseURL: row.endpoint?.baseURL,
                credentials: state.credentialStatus,
                concurrency: row.concurrency,
                running: running[row.name, default: 0],
                unavailable: state.lack,
                closedUntil: state.closedFor(at: uptime).map { now.adding($0) }
            )
        }
    }
}

/// A row and a credential of it, by their names.
struct PlaceName: Hashable {
    var row: String
    var credential: String?
}

/// What there is for a call that its first place could not serve.
enum NextPlace {
    case taken(Place)
    /// Somebody else could serve it, but is full now.
    case busy
    /// Somebody else could serve it, but its provider asked for patience: for how long.
    case closed(Duration)
    /// Nobody else can.
    case none
}

/// The right to make one call on a row; given back when the call is over.
struct Place: Sendable {
    let loaded: LoadedRow
    var credential: String?
    var secret: Secret?
    /// True for the one call that finds out whether a refused credential works again.
    var isProbe: Bool

    var row: ProviderRow { loaded.row }

    var name: PlaceName { PlaceName(row: row.name, credential: credential) }
}

/// Why a group is not served now.
struct Hold: Hashable {
    var reason: String
    /// How long until a row may open by itself; nil when only an operator can help.
    var opensIn: Duration?
}
