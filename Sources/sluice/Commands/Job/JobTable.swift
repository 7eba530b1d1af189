import SluiceJSON

/// Jobs for people.
enum JobTable {
    static func show(_ root: JSONValue, whenEmpty empty: String, isWide: Bool) throws {
        var table = Table(
            [
                "ID", "STATUS", "TYPE", "MODEL", "PROVIDER", "OWNER", "ATTEMPTS", "CLASS", "CREATED", "NEXT",
                "WAITING FOR",
            ],
            wide: ["TYPE", "PROVIDER", "ATTEMPTS", "CLASS", "NEXT"],
            rigid: ["ID", "STATUS", "CREATED"],
            short: ["CREATED": "AGE", "WAITING FOR": "WHY"]
        )
        for job in root[key: "jobs"]?.elements ?? [] {
            table.add(
                cells: Cell.id(job[key: "id"]),
                Cell.state(job[key: "status"]),
                TableCell(Cell.text(job[key: "type"])),
                TableCell(Cell.text(job[key: "model"])),
                TableCell(Cell.text(job[key: "provider"])),
                TableCell(Cell.text(job[key: "owner"]?[key: "name"])),
                TableCell(Cell.text(job[key: "attempts"])),
                TableCell(Cell.text(job[key: "error"]?[key: "class"])),
                Cell.age(job[key: "createdAt"]),
                Cell.age(job[key: "nextAttemptAt"]),
                TableCell(Cell.text(job[key: "waitingFor"]), short: why(job))
            )
        }
        try table.show(whenEmpty: empty, isWide: isWide)
        if let next = root[key: "next"]?.string { Console.note("There are more: add --after \(next)") }
    }

    /// When a job goes on and what it waits for, or what it died of.
    static func why(_ job: JSONValue) -> String {
        let next = job[key: "nextAttemptAt"].map { Cell.age($0).short } ?? "-"
        let parts = [next, Cell.text(job[key: "waitingFor"]), Cell.text(job[key: "error"]?[key: "class"])]
        let told = parts.filter { $0 != "-" }
        return told.isEmpty ? "-" : told.joined(separator: ", ")
    }
}
