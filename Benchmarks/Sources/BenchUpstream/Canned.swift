import BenchMachine

/// The answers of the upstream, as the bytes that go over the wire.
package struct Canned: Sendable {
    /// The object that a plain call gets, about 400 bytes.
    package static let object = Array(
        """
        {"id":"chatcmpl-bench0123456789","object":"chat.completion","created":1764000000,"model":"bench","choices":[\
        {"index":0,"message":{"role":"assistant","content":"Beat the yolks with the sugar, fold in the mascarpone, \
        dip the biscuits in coffee, layer them, and let it rest in the cold."},"logprobs":null,"finish_reason":"stop"}],\
        "usage":{"prompt_tokens":57,"completion_tokens":29,"total_tokens":86}}
        """.utf8
    )

    /// Role, eighteen words, finish and usage.
    package static let eventCount = 21

    private static let words = [
        "Beat", " the", " yolks", " with", " the", " sugar", ",", " fold", " in", " the", " mascarpone", ",", " layer",
        " it", " and", " let", " it", " rest.",
    ]

    /// The whole answer of a plain call.
    let plain = Canned.answer("200 OK", Canned.object)
    let empty = Canned.answer("200 OK", [])
    let notFound = Canned.answer("404 Not Found", Array(#"{"error":{"message":"no such route"}}"#.utf8))
    let lengthRequired = Canned.answer("411 Length Required", [])

    /// What is written for a stream, one after the other: the head with the first event, the other events, and the end.
    let pieces = Canned.pieces(of: words.map { "{\"content\":\"\($0)\"}" })

    /// Role, a reasoning with its moment, a word, finish and usage.
    package static let reasoningEventCount = 5

    /// What is written for a stream that reasons; in the place of the second piece stands ``reasoning(at:)``.
    let reasoningPieces = Canned.pieces(of: [reasoningDelta(0), "{\"content\":\"\(words[0])\"}"])

    /// The piece with the first reasoning, and in it the moment at which it is written.
    func reasoning(at moment: UInt64) -> [UInt8] {
        Self.chunk("data: \(Self.event(choices: Self.choice(Self.reasoningDelta(moment)), usage: "null"))\n\n")
    }

    /// A delta with a ``Stamp`` in the place of a text.
    private static func reasoningDelta(_ moment: UInt64) -> String {
        "{\(Stamp.member)\(String(decoding: Stamp.digits(of: moment), as: UTF8.self))\"}"
    }

    /// The pieces of a stream with these deltas between the role and the finish.
    private static func pieces(of deltas: [String]) -> [[UInt8]] {
        let head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
        let events = Self.events(of: deltas).map { Self.chunk("data: \($0)\n\n") }
        var pieces = events
        pieces[0] = Array(head.utf8) + events[0]
        pieces.append(Self.chunk("data: [DONE]\n\n") + Array("0\r\n\r\n".utf8))
        return pieces
    }

    /// The events of such a stream, but for `[DONE]`.
    private static func events(of deltas: [String]) -> [String] {
        let deltas = [#"{"role":"assistant","content":""}"#] + deltas
        let choices =
            deltas.map(choice)
            + [#"[{"index":0,"delta":{},"logprobs":null,"finish_reason":"stop"}]"#]
        return choices.map { event(choices: $0, usage: "null") }
            + [event(choices: "[]", usage: #"{"prompt_tokens":57,"completion_tokens":18,"total_tokens":75}"#)]
    }

    /// The choices of an event that has not finished.
    private static func choice(_ delta: String) -> String {
        "[{\"index\":0,\"delta\":\(delta),\"logprobs\":null,\"finish_reason\":null}]"
    }

    private static func event(choices: String, usage: String) -> String {
        "{\"id\":\"chatcmpl-bench0123456789\",\"object\":\"chat.completion.chunk\",\"created\":1764000000,"
            + "\"model\":\"bench\",\"choices\":\(choices),\"usage\":\(usage)}"
    }

    private static func chunk(_ text: String) -> [UInt8] {
        Array((String(text.utf8.count, radix: 16) + "\r\n" + text + "\r\n").utf8)
    }

    private static func answer(_ status: String, _ body: [UInt8]) -> [UInt8] {
        let head =
            "HTTP/1.1 \(status)\r\nContent-Type: application/json\r\nContent-Length: \(body.count)\r\n\r\n"
        return Array(head.utf8) + body
    }
}
