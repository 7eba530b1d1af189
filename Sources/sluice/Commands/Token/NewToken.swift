import SluiceJSON

/// A token that was just made: the only time it can be shown.
struct NewToken {
    private let root: JSONValue

    init(_ root: JSONValue) {
        self.root = root
    }

    /// Prints the token alone to standard output, and what it is to standard error.
    ///
    /// - Throws: ``Failure`` when it could not be printed: it is valid all the same, and nobody knows it.
    func show(_ output: OutputOptions, _ answer: Document) throws {
        do {
            if output.json { return try output.show(answer) }
            try Console.print(Cell.text(root[key: "token"]))
        } catch let error as OutputError {
            throw Failure(
                """
                Token \(id) of owner \(owner) was made, but can't be written to standard output \
                (\(FileError(code: error.code))) and not be shown again: run sluice token revoke \(id), then make \
                another one with sluice token create --owner '\(owner)'.
                """
            )
        }
        let end = record?[key: "expiresAt"]?.string == nil ? "never" : Cell.moment(record?[key: "expiresAt"])
        Console.note("Token \(id) of owner \(owner), ends: \(end). Keep it now: it is not shown again.")
    }

    private var record: JSONValue? { root[key: "record"] }
    private var id: String { Cell.text(record?[key: "id"]) }
    private var owner: String { Printable.line(Cell.text(record?[key: "owner"]?[key: "name"])) }
}
