import SluiceJSON

/// Provider rows for people.
enum RowTable {
    static func show(_ root: JSONValue) throws {
        var table = Table("NAME", "ADAPTER", "TYPES", "MODELS", "RUNNING", "STATE")
        for row in root[key: "rows"]?.elements ?? [] {
            let closed = row[key: "closedUntil"]?.string.map { "closed until \($0)" } ?? "ok"
            table.add(
                Cell.text(row[key: "name"]),
                Cell.text(row[key: "adapter"]),
                Cell.list(row[key: "types"]),
                Cell.list(row[key: "models"]),
                running(row),
                row[key: "unavailable"]?.string ?? closed
            )
        }
        try table.show(whenEmpty: "The providers file has no row.")
    }

    private static func running(_ row: JSONValue) -> String {
        guard let running = row[key: "running"]?.integer, let most = row[key: "concurrency"]?.integer else {
            return "-"
        }
        return "\(running)/\(most)"
    }
}
