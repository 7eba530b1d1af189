import SluiceJSON

/// Dead letters for people: what an operator needs to decide what to do with them.
enum DeadTable {
    static func show(_ root: JSONValue, isWide: Bool) throws {
        var table = Table(
            ["ID", "MODEL", "OWNER", "CLASS", "ATTEMPTS", "ENDED", "MESSAGE"],
            wide: ["ATTEMPTS"],
            rigid: ["ID", "ENDED"]
        )
        for job in root[key: "jobs"]?.elements ?? [] {
            table.add(
                cells: Cell.id(job[key: "id"]),
                TableCell(Cell.text(job[key: "model"])),
                TableCell(Cell.text(job[key: "owner"]?[key: "name"])),
                TableCell(Cell.text(job[key: "error"]?[key: "class"])),
                TableCell(Cell.text(job[key: "attempts"])),
                Cell.age(job[key: "updatedAt"]),
                TableCell(Cell.text(job[key: "error"]?[key: "message"]))
            )
        }
        try table.show(whenEmpty: "No job is dead.", isWide: isWide)
        if let next = root[key: "next"]?.string { Console.note("There are more: add --after \(next)") }
    }
}
