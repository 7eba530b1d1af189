import SluiceJSON

/// Provider rows for people.
enum RowTable {
    static func show(_ root: JSONValue) throws {
        var table = Table("NAME", "ADAPTER", "TYPES", "MODELS", "RUNNING", "STATE")
        for row in root[key: "rows"]?.elements ?? [] {
            table.add(
                Cell.text(row[key: "name"]),
                Cell.text(row[key: "adapter"]),
                Cell.list(row[key: "types"]),
                Cell.list(row[key: "models"]),
                running(row),
                row[key: "unavailable"]?.string ?? state(of: row)
            )
        }
        try table.show(whenEmpty: "The providers file has no row.")
    }

    /// Which of its models take no calls now, and until when.
    private static func state(of row: JSONValue) -> String {
        let closed = (row[key: "closedModels"]?.elements ?? []).map { model in
            let name = Cell.text(model[key: "model"])
            if let rest = model[key: "restsUntil"]?.string { return "\(name) fails, tried again at \(rest)" }
            return "\(name) closed until \(Cell.text(model[key: "closedUntil"]))"
        }
        return closed.isEmpty ? "ok" : closed.joined(separator: "; ")
    }

    private static func running(_ row: JSONValue) -> String {
        guard let running = row[key: "running"]?.integer, let most = row[key: "concurrency"]?.integer else {
            return "-"
        }
        return "\(running)/\(most)"
    }
}
