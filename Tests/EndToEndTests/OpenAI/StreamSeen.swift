import SluiceJSON

/// What came of an answer in server-sent events, whole or not.
struct StreamSeen: Sendable {
    /// One event.
    struct Event: Sendable, Hashable {
        /// Its name; empty without one.
        var name = ""
        /// Its lines of data.
        var data = ""
    }

    /// The status and the header fields.
    private(set) var head: Answer
    /// The body, as far as it came.
    private(set) var body: [UInt8]
    /// Whether the framing says that the body is whole; always false without a framing.
    private(set) var isWhole = false
    /// Whether the connection ended by a reset.
    var wasReset = false

    /// Reads what came on the wire; nil while the head is not whole.
    init?(_ wire: [UInt8]) {
        guard let headEnd = wire.indices.dropLast(3).first(where: { wire[$0...].starts(with: [13, 10, 13, 10]) })
        else { return nil }
        head = AnswerReader.head(wire[..<headEnd])
        let rest = wire[(headEnd + 4)...]
        if head["Transfer-Encoding"]?.lowercased() == "chunked" {
            body = []
            takeChunks(rest)
        } else {
            body = Array(rest)
            isWhole = head["Content-Length"].flatMap { Int($0) } == body.count
        }
    }

    /// The events that are whole, without comments.
    var events: [Event] {
        let text = String(decoding: body, as: UTF8.self)
        let blocks = text.split(separator: "\n\n", omittingEmptySubsequences: false).dropLast()
        return blocks.filter { !$0.hasPrefix(":") }.map { block in
            var event = Event()
            for line in block.split(separator: "\n") {
                if line.hasPrefix("event: ") { event.name = String(line.dropFirst(7)) }
                if line.hasPrefix("data: ") { event.data += (event.data.isEmpty ? "" : "\n") + line.dropFirst(6) }
            }
            return event
        }
    }

    /// Whether the stream says that it is complete, in whatever form a caller might take for it.
    var isDone: Bool { String(decoding: body, as: UTF8.self).contains("[DONE]") }

    /// The `error` of the last event, or of the whole body where that is JSON.
    var error: JSONValue? {
        let last = events.last.map { Array($0.data.utf8) } ?? body
        return (try? Document(last))?.root[key: "error"]
    }

    /// The text of a chat's chunks; those of a job's events are named `raw`.
    var text: String {
        events.filter { $0.name.isEmpty || $0.name == "raw" }.map { event in
            let choice = (try? Document(Array(event.data.utf8)))?.root[key: "choices"]?[0]
            return choice?[key: "delta"]?[key: "content"]?.string ?? ""
        }.joined()
    }

    /// Whether a caller might take it for a whole answer, whatever of all that says so it goes by.
    var looksWhole: Bool { isDone || hasFinished || head.status == 200 && isWhole }

    /// Whether a chunk of a chat names the reason why the model stopped.
    var hasFinished: Bool {
        events.contains { event in
            let choice = (try? Document(Array(event.data.utf8)))?.root[key: "choices"]?[0]
            return choice?[key: "finish_reason"]?.string != nil
        }
    }

    private mutating func takeChunks(_ bytes: ArraySlice<UInt8>) {
        var rest = bytes
        while let lineEnd = rest.firstIndex(of: 10) {
            let line = String(decoding: rest[..<lineEnd], as: UTF8.self)
            guard let size = Int(line.dropLast(), radix: 16) else { return }
            if size == 0 { isWhole = rest[(lineEnd + 1)...].starts(with: [13, 10]) }
            body += rest[(lineEnd + 1)...].prefix(size)
            guard size > 0, rest.distance(from: lineEnd, to: rest.endIndex) > size + 2 else { return }
            rest = rest[(lineEnd + size + 3)...]
        }
    }
}
