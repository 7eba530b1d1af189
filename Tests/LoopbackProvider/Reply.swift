/// What the provider does when it has read a request whole: its steps, one after the other.
///
/// After the last step the connection waits for the next request, unless a step closed it.
package struct Reply: Sendable {
    /// One thing to do.
    package enum Step: Sendable {
        /// Sends these bytes.
        case send([UInt8])
        /// Goes on when the gate is open.
        case wait(Gate)
        /// Goes on after so many milliseconds: a provider that takes its time.
        case pause(Int)
        /// Closes the connection in an orderly way.
        case close
        /// Kills the connection with a TCP reset.
        case reset
        /// Sends these bytes over and over until the peer closes.
        case sendForever([UInt8])
        /// Does nothing more with this request.
        case stall
    }

    /// The steps.
    package var steps: [Step]

    /// A reply of these steps.
    package init(_ steps: [Step]) {
        self.steps = steps
    }

    /// A whole answer with its `Content-Length`.
    package static func response(
        _ status: Int = 200,
        headers: [(String, String)] = [("Content-Type", "application/json")],
        body: [UInt8] = []
    ) -> Reply {
        let framing = [("Content-Length", String(body.count))]
        return Reply([.send(head(status, headers + framing) + body)])
    }

    /// A whole answer with a text as its body.
    package static func response(
        _ status: Int = 200,
        headers: [(String, String)] = [("Content-Type", "application/json")],
        text: String
    ) -> Reply {
        response(status, headers: headers, body: Array(text.utf8))
    }

    /// An answer in chunks, one for each piece.
    ///
    /// Before the piece with the index of a gate, that gate has to open; the gate with the index after the last piece
    /// holds the end back.
    package static func chunked(
        _ pieces: [String],
        gates: [Int: Gate] = [:],
        contentType: String = "text/event-stream"
    ) -> Reply {
        var steps: [Step] = [.send(chunkedHead(contentType))]
        for (index, piece) in pieces.enumerated() {
            if let gate = gates[index] { steps.append(.wait(gate)) }
            steps.append(.send(chunk(piece)))
        }
        if let gate = gates[pieces.count] { steps.append(.wait(gate)) }
        return Reply(steps + [.send(lastChunk)])
    }

    /// An event stream as OpenAI sends it: `data: ` before each piece, and `[DONE]` at the end.
    package static func sse(_ data: [String], gates: [Int: Gate] = [:], done: Bool = true) -> Reply {
        chunked((data + (done ? ["[DONE]"] : [])).map { "data: \($0)\n\n" }, gates: gates)
    }

    /// Nothing until the gate opens, then `reply`.
    package static func hold(until gate: Gate, then reply: Reply = .close) -> Reply {
        Reply([.wait(gate)] + reply.steps)
    }

    /// Never any answer.
    package static let silence = Reply([.stall])

    /// No answer: the connection is closed once the request was read.
    package static let close = Reply([.close])

    /// No answer: the connection is reset once the request was read.
    package static let reset = Reply([.reset])

    /// A head that promises `length` bytes, `text`, and a close.
    package static func truncated(length: Int, text: String) -> Reply {
        Reply([.send(head(200, [("Content-Length", String(length))]) + Array(text.utf8)), .close])
    }

    /// Chunks, and a close where the last chunk should be.
    package static func truncatedChunks(_ pieces: [String]) -> Reply {
        Reply([.send(chunkedHead("text/event-stream"))] + pieces.map { .send(chunk($0)) } + [.close])
    }

    /// Chunks, and a reset where the last chunk should be.
    package static func resetAfter(_ pieces: [String]) -> Reply {
        Reply([.send(chunkedHead("text/event-stream"))] + pieces.map { .send(chunk($0)) } + [.reset])
    }

    /// Bytes that are not HTTP, and a close.
    package static func garbage(_ bytes: [UInt8] = Array("\u{1}\u{2}\u{3} nothing of HTTP\r\n\r\n".utf8)) -> Reply {
        Reply([.send(bytes), .close])
    }

    /// An answer that never ends.
    package static func endless(_ piece: String = String(repeating: "x", count: 8192)) -> Reply {
        Reply([.send(chunkedHead("text/plain")), .sendForever(chunk(piece))])
    }

    /// A head, the first pieces, and then nothing more.
    package static func stallAfterHead(_ pieces: [String] = []) -> Reply {
        Reply([.send(chunkedHead("text/event-stream"))] + pieces.map { .send(chunk($0)) } + [.stall])
    }

    /// A status line and header fields, with the empty line after them.
    package static func head(_ status: Int, _ headers: [(String, String)]) -> [UInt8] {
        let fields = headers.map { "\($0.0): \($0.1)\r\n" }.joined()
        return Array("HTTP/1.1 \(status) Status\r\n\(fields)\r\n".utf8)
    }

    private static func chunkedHead(_ contentType: String) -> [UInt8] {
        head(200, [("Content-Type", contentType), ("Transfer-Encoding", "chunked")])
    }

    /// The chunk that ends a chunked body.
    static let lastChunk = Array("0\r\n\r\n".utf8)

    /// A chunk with its size.
    static func chunk(_ text: String) -> [UInt8] {
        Array("\(String(text.utf8.count, radix: 16))\r\n\(text)\r\n".utf8)
    }
}
