import SluiceJSON

/// Dead letters for people: what an operator needs to decide what to do with them.
enum DeadTable {
    /// A longer message is cut; `sluice job show` has all of it.
    private static let longestMessage = 60

    static func show(_ root: JSONValue) throws {
        var table = Table("ID", "MODEL", "OWNER", "CLASS", "ATTEMPTS", "ENDED", "MESSAGE")
        for job in root[key: "jobs"]?.elements ?? [] {
            table.add(
                Cell.text(job[key: "id"]),
                Cell.text(job[key: "model"]),
                Cell.text(job[key: "owner"]?[key: "name"]),
                Cell.text(job[key: "error"]?[key: "class"]),
                Cell.text(job[key: "attempts"]),
                Cell.moment(job[key: "updatedAt"]),
                short(Cell.text(job[key: "error"]?[key: "message"]))
            )
        }
        try table.show(whenEmpty: "No job is dead.")
        if let next = root[key: "next"]?.string { Console.note("There are more: add --after \(next)") }
    }

    static func short(_ message: String) -> String {
        message.count <= longestMessage ? message : "\(message.prefix(longestMessage - 1))…"
    }
}
