/// An answer of which a provider sends only the beginning, down to the byte.
package struct CutAnswer: Sendable {
    /// How a caller learns where the body ends.
    package enum Framing: String, Sendable, CaseIterable {
        /// Each piece is a chunk, and an empty chunk is the end.
        case chunked
        /// By `Content-Length`.
        case length
        /// By the end of the connection.
        case untilClose
    }

    /// What happens after the last byte.
    package enum Death: String, Sendable, CaseIterable {
        /// The connection is closed in an orderly way.
        case close
        /// The connection is killed with a TCP reset.
        case reset
        /// Nothing more comes.
        case stall
    }

    /// The whole body, in the pieces in which it would come.
    package var pieces: [String]
    /// How the whole body is framed.
    package var framing: Framing
    /// Its `Content-Type`.
    package var contentType: String

    /// An answer of these pieces.
    package init(_ pieces: [String], framing: Framing, contentType: String = "text/event-stream") {
        self.pieces = pieces
        self.framing = framing
        self.contentType = contentType
    }

    /// An event stream as OpenAI sends it: `data: ` before each piece, and `[DONE]` at the end.
    package static func sse(_ data: [String], framing: Framing) -> CutAnswer {
        CutAnswer((data + ["[DONE]"]).map { "data: \($0)\n\n" }, framing: framing)
    }

    /// The body without its framing.
    package var body: [UInt8] { Array(pieces.joined().utf8) }

    /// All that would follow the head: the body with its framing.
    package var wire: [UInt8] {
        guard framing == .chunked else { return body }
        return pieces.flatMap(Reply.chunk) + Reply.lastChunk
    }

    /// How many bytes of the body are in the first `count` bytes behind the head.
    package func bodyBytes(in count: Int) -> Int {
        guard framing == .chunked else { return min(count, body.count) }
        var (place, bytes) = (0, 0)
        for piece in pieces {
            let size = piece.utf8.count
            let sizeLine = String(size, radix: 16).utf8.count + 2
            bytes += max(0, min(size, count - place - sizeLine))
            place += sizeLine + size + 2
        }
        return bytes
    }

    /// The head, exactly the first `count` bytes behind it, and the end.
    package func reply(after count: Int, then death: Death) -> Reply {
        let end: Reply.Step =
            switch death {
            case .close: .close
            case .reset: .reset
            case .stall: .stall
            }
        return Reply([.send(head + wire.prefix(count)), end])
    }

    private var head: [UInt8] {
        let framing: [(String, String)] =
            switch framing {
            case .chunked: [("Transfer-Encoding", "chunked")]
            case .length: [("Content-Length", String(body.count))]
            case .untilClose: []
            }
        // The connection is not for another request, however whole the answer is.
        return Reply.head(200, [("Content-Type", contentType), ("Connection", "close")] + framing)
    }
}
