import SluiceJSON

/// A prompt's record, told to whoever sent it.
struct PromptAnswer {
    private let record: Document
    private let root: JSONValue

    init(_ record: Document) {
        self.record = record
        root = record.root
    }

    /// Prints the answer alone to standard output.
    ///
    /// - Throws: ``Failure`` for a prompt that ended without one.
    func show(_ output: OutputOptions) throws {
        let json = output.json
        if json { try output.show(record) }
        let status = Cell.text(root[key: "status"])
        switch status {
        case "succeeded":
            if !json { try showAnswer() }
        case "queued", "running":
            guard !json else { return }
            let reason = root[key: "waitingFor"]?.string.map { ", waiting for \(Printable.line($0))" } ?? ""
            Console.note("Not answered yet: \(status)\(reason).")
        default:
            let error = root[key: "error"]
            let message = error?[key: "message"]?.string.map { ": \(Printable.line($0))" } ?? ""
            throw Failure("The prompt is \(status) (\(Cell.text(error?[key: "class"])))\(message)")
        }
    }

    /// The text; where the answer is none, as with embeddings and calls of tools, the provider's own object.
    private func showAnswer() throws {
        if let text = root[key: "response"]?.string { return try Console.print(text) }
        guard let result = root[key: "result"], !result.isNull else {
            return Console.note("Answered, but the answer was not kept.")
        }
        try Console.json(Array(result.bytes))
    }
}
