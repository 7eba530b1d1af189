import SluiceJSON
import SluiceProvider

/// Provider rows for people.
enum RowTable {
    static func show(_ root: JSONValue, isWide: Bool) throws {
        var table = Table(
            ["NAME", "ADAPTER", "TYPES", "MODELS", "HELD STATE", "PRICES", "RUNNING", "WAITING", "STATE"],
            wide: ["ADAPTER", "TYPES", "HELD STATE", "PRICES"]
        )
        for row in root[key: "rows"]?.elements ?? [] {
            let state = state(of: row)
            table.add(
                cells: TableCell(Cell.text(row[key: "name"])),
                TableCell(Cell.text(row[key: "adapter"])),
                TableCell(Cell.list(row[key: "types"])),
                TableCell(Cell.list(row[key: "models"])),
                TableCell(RowTable.heldState(statePolicy(row))),
                TableCell(Cell.list(row[key: "pricing"])),
                TableCell(running(row)),
                TableCell(row[key: "waiting"]?.integer.map { String($0) } ?? "-"),
                TableCell(state, tone: state == "ok" ? .good : .bad)
            )
        }
        try table.show(whenEmpty: "The providers file has no row.", isWide: isWide)
    }

    /// What a row says of what its provider holds for its account.
    static func heldState(_ policy: StatePolicy) -> String {
        policy.words.isEmpty ? "-" : policy.words.joined(separator: ", ")
    }

    private static func statePolicy(_ row: JSONValue) -> StatePolicy {
        StatePolicy(
            isShared: row[key: "sharedState"]?.boolean ?? false,
            keepsResponses: row[key: "keepsResponses"]?.integer.map { Int($0) } ?? 0,
            receivesHistory: row[key: "receivesHistory"]?.boolean,
            store: row[key: "store"]?.boolean
        )
    }

    /// Why it takes no calls, or which of its keys and models take none, for whom, and until when.
    private static func state(of row: JSONValue) -> String {
        var states: [String] = []
        if let since = row[key: "pausedSince"]?.string {
            states.append("paused since \(since) by \(Cell.text(row[key: "pausedBy"]))")
        }
        if let reason = row[key: "unavailable"]?.string { return (states + [reason]).joined(separator: "; ") }
        if let reason = row[key: "misconfigured"]?.string { states.append(reason) }
        if let away = row[key: "awayUntil"]?.string { states.append("can't be reached, tried again at \(away)") }
        for credential in row[key: "credentials"]?.elements ?? [] {
            guard let problem = credential[key: "problem"]?.string else { continue }
            states.append("\(Cell.text(credential[key: "slot"])): \(problem)")
        }
        states += (row[key: "closedModels"]?.elements ?? []).map { closed($0) }
        return states.isEmpty ? "ok" : states.joined(separator: "; ")
    }

    private static func closed(_ model: JSONValue) -> String {
        var name = model[key: "model"]?.string ?? "every model"
        if let slot = model[key: "credential"]?.string { name += " with \(slot)" }
        if let owner = model[key: "owner"]?.string { name += ", for \(owner) alone," }
        if let rest = model[key: "restsUntil"]?.string { return "\(name) fails, tried again at \(rest)" }
        return "\(name) limited until \(Cell.text(model[key: "closedUntil"]))"
    }

    private static func running(_ row: JSONValue) -> String {
        guard let running = row[key: "running"]?.integer, let most = row[key: "allowed"]?.integer else {
            return "-"
        }
        return "\(running)/\(most)"
    }
}
