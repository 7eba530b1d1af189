import SluiceJSON
public import SluiceTypes

/// One turn of a thread, as it is stored: what its caller sent, and what came of it.
public struct ResponsesTurn: Sendable {
    /// How an answer is stored.
    public enum Output: Sendable {
        /// The response object.
        case object([UInt8])
        /// The data of its events, in order, at least up to the one that ends the response.
        case events([[UInt8]])
    }

    /// The turn's job, by which its items are named that have no id.
    public var job: JobID
    /// The body as its caller sent it.
    public var input: [UInt8]
    /// The answer.
    public var output: Output
    /// Whether the account that answered is the one that will be asked now.
    public var sharesAccount: Bool

    /// Creates a turn.
    public init(job: JobID, input: [UInt8], output: Output, sharesAccount: Bool) {
        self.job = job
        self.input = input
        self.output = output
        self.sharesAccount = sharesAccount
    }
}

extension ResponsesTurn {
    private static let limits = AnswerLimits.json

    /// The items that its caller sent.
    ///
    /// - Throws: ``ResponsesFault`` for a body that can't be read.
    func inputItems() throws(ResponsesFault) -> [ResponsesItem] {
        guard let body = document(input), body.root.kind == .object else { throw .unreadable(job) }
        return try ResponsesItem.input(of: body.root)
    }

    /// The items of the answer.
    ///
    /// - Throws: ``ResponsesFault`` for an answer that can't be read, or has no output.
    func outputItems() throws(ResponsesFault) -> [ResponsesItem] {
        let output =
            switch output {
            case .object(let bytes): document(bytes)?.root[key: "output"]
            case .events(let events): gathered(events)
            }
        guard let output, output.kind == .array else { throw .unreadable(job) }
        return output.elements.map { ResponsesItem($0) }
    }

    /// The output that events tell: that of the response at their end, or the items that were told on the way where some provider leaves
    /// them out there.
    private func gathered(_ events: [[UInt8]]) -> JSONValue? {
        var told: JSONValue?
        for event in events.reversed() {
            guard let root = document(event)?.root, let output = root[key: "response"]?[key: "output"] else { continue }
            if output.kind == .array { told = output }
            break
        }
        guard let told, told[0] == nil else { return told }
        var items: [Int64: ArraySlice<UInt8>] = [:]
        for event in events {
            guard let root = document(event)?.root, root[key: "type"]?.string == "response.output_item.done",
                let item = root[key: "item"]
            else { continue }
            items[root[key: "output_index"]?.integer ?? Int64(items.count)] = item.bytes
        }
        guard !items.isEmpty else { return told }
        let sorted = items.sorted { $0.key < $1.key }
        return document(JSONWriter.bytes { $0.array { array in for item in sorted { array.raw(item.value) } } })?.root
    }

    private func document(_ bytes: [UInt8]) -> Document? {
        try? Document(indexing: bytes, limits: ResponsesTurn.limits)
    }
}
