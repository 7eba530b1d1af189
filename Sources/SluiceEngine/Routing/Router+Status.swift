import SluiceProvider
import SluiceStore
import SluiceTypes

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
