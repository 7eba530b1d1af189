import SluiceJSON

/// A token that was just made: the only time it can be shown.
struct NewToken {
    private let root: JSONValue

    init(_ root: JSONValue) {
        self.root = root
    }

    /// Prints the token alone to standard output, and what it is to standard error.
    func show(json: [UInt8]?) {
        if let json { return Console.json(json) }
        Console.answer(Cell.text(root[key: "token"]))
        let record = root[key: "record"]
        let end = record?[key: "expiresAt"]?.string == nil ? "never" : Cell.moment(record?[key: "expiresAt"])
        let owner = Printable.line(Cell.text(record?[key: "owner"]?[key: "name"]))
        Console.note(
            "Token \(Cell.text(record?[key: "id"])) of owner \(owner), ends: \(end). Keep it now: it is not shown again."
        )
    }
}
