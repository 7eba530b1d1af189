package import BenchMachine

/// The answers of the upstream, as the bytes that go over the wire.
package struct Canned: Sendable {
    /// The object that a plain call of a surface gets, of 400 to 650 bytes.
    package static func object(of surface: Surface) -> [UInt8] {
        switch surface {
        case .chat: chatObject
        case .messages: messagesObject
        case .responses: responsesObject
        }
    }

    /// What all objects say.
    static let sentence =
        "Beat the yolks with the sugar, fold in the mascarpone, dip the biscuits in coffee, layer them, and let it rest in the cold."

    private static let chatObject = Array(
        """
        {"id":"chatcmpl-bench0123456789","object":"chat.completion","created":1764000000,"model":"bench","choices":[\
        {"index":0,"message":{"role":"assistant","content":"\(sentence)"},"logprobs":null,"finish_reason":"stop"}],\
        "usage":{"prompt_tokens":57,"completion_tokens":29,"total_tokens":86}}
        """.utf8
    )

    /// Of a stream of any surface; of a chat's role, eighteen words, finish and usage.
    package static let eventCount = 21

    static let words = [
        "Beat", " the", " yolks", " with", " the", " sugar", ",", " fold", " in", " the", " mascarpone", ",", " layer",
        " it", " and", " let", " it", " rest.",
    ]

    /// The whole answer of a plain call, by surface.
    private let plain = Canned.bySurface { Canned.answer("200 OK", Canned.object(of: $0)) }
    let empty = Canned.answer("200 OK", [])
    let notFound = Canned.answer("404 Not Found", Array(#"{"error":{"message":"no such route"}}"#.utf8))
    let lengthRequired = Canned.answer("411 Length Required", [])

    /// By surface.
    private let pieces = Canned.bySurface { surface in
        switch surface {
        case .chat: Canned.pieces(of: words.map { "{\"content\":\"\($0)\"}" })
        case .messages: Canned.pieces(Canned.messagesEvents)
        case .responses: Canned.pieces(Canned.responsesEvents)
        }
    }

    /// Role, a reasoning with its moment, a word, finish and usage.
    package static let reasoningEventCount = 5

    /// What is written for a stream that reasons; in the place of the second piece stands ``reasoning(at:)``.
    private let reasoningPieces = Canned.pieces(of: [reasoningDelta(0), "{\"content\":\"\(words[0])\"}"])

    /// What answers a plain call of a surface.
    func plain(_ surface: Surface) -> [UInt8] { plain[surface] ?? notFound }

    /// What is written for a stream, one after the other: the head with the first event, the other events, and the end.
    func pieces(of script: Script) -> [[UInt8]] {
        switch script {
        case .words(let surface): pieces[surface] ?? []
        case .reasoning: reasoningPieces
        }
    }

    private static func bySurface<Value>(_ value: (Surface) -> Value) -> [Surface: Value] {
        Dictionary(uniqueKeysWithValues: Surface.allCases.map { ($0, value($0)) })
    }

    /// The piece with the first reasoning, and in it the moment at which it is written.
    func reasoning(at moment: UInt64) -> [UInt8] {
        Self.chunk("data: \(Self.event(choices: Self.choice(Self.reasoningDelta(moment)), usage: "null"))\n\n")
    }

    /// A delta with a ``Stamp`` in the place of a text.
    private static func reasoningDelta(_ moment: UInt64) -> String {
        "{\(Stamp.member)\(String(decoding: Stamp.digits(of: moment), as: UTF8.self))\"}"
    }

    /// The pieces of a chat's stream with these deltas between the role and the finish.
    private static func pieces(of deltas: [String]) -> [[UInt8]] {
        pieces(events(of: deltas).map { "data: \($0)\n\n" }, end: chunk("data: [DONE]\n\n"))
    }

    /// The pieces of a stream of these events.
    private static func pieces(_ events: [String], end: [UInt8] = []) -> [[UInt8]] {
        let head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
        var pieces = events.map(Self.chunk)
        pieces[0] = Array(head.utf8) + pieces[0]
        pieces.append(end + Array("0\r\n\r\n".utf8))
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
