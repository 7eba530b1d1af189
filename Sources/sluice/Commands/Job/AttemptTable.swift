import SluiceJSON

/// What was tried for a job, as operators and its caller see it.
enum AttemptTable {
    static func show(_ root: JSONValue, whenEmpty empty: String, isWide: Bool) throws {
        var table = Table(
            ["EPOCH", "PROVIDER", "CREDENTIAL", "OUTCOME", "HTTP", "CLASS", "STARTED", "ENDED", "MESSAGE"],
            wide: ["CREDENTIAL", "STARTED"]
        )
        for attempt in root[key: "attempts"]?.elements ?? [] {
            table.add(
                cells: TableCell(Cell.text(attempt[key: "epoch"])),
                TableCell(Cell.text(attempt[key: "provider"])),
                TableCell(Cell.text(attempt[key: "credential"])),
                TableCell(Cell.text(attempt[key: "outcome"])),
                TableCell(Cell.text(attempt[key: "httpStatus"])),
                TableCell(Cell.text(attempt[key: "errorClass"])),
                Cell.age(attempt[key: "startedAt"]),
                Cell.age(attempt[key: "endedAt"]),
                TableCell(Cell.text(attempt[key: "message"]))
            )
        }
        try table.show(whenEmpty: empty, isWide: isWide)
    }
}
