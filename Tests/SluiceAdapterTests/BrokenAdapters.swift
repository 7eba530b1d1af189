import SluiceDialects
import SluiceProvider
import SluiceTypes

/// Opens ``BrokenAdapter``s.
struct BrokenSource<Mistake: AdapterMistake>: AdapterSource {
    var manifest: Manifest { Mistake.manifest }

    func open(_ settings: AdapterSettings) async throws(AdapterFault) -> any Adapter {
        BrokenAdapter<Mistake>(inner: OpenAIAdapter(Manifest.chat))
    }
}

/// An adapter with one mistake: that of `Mistake`; else it is the chat adapter.
private struct BrokenAdapter<Mistake: AdapterMistake>: Adapter {
    let inner: OpenAIAdapter

    func prepare(_ ask: Ask) throws(AdapterFault) -> Prepared {
        guard case .call(let call) = try inner.prepare(ask) else { return .answer([]) }
        return .call(Mistake.change(call))
    }

    func reading(for ask: Ask) -> Reading {
        guard case .pure(let exchange) = inner.reading(for: ask) else { return inner.reading(for: ask) }
        return .pure(Mistake.exchange(exchange, ask))
    }
}

extension Manifest {
    /// The chat adapter's.
    fileprivate static let chat = Manifest(
        id: "openai-chat",
        operations: [.chat: "/chat/completions"],
        formats: [.openAIChat]
    )
}

/// What a broken adapter does differently.
protocol AdapterMistake {
    static var manifest: Manifest { get }
    static func change(_ call: HTTPCall) -> HTTPCall
    static func exchange(_ inner: any Exchange, _ ask: Ask) -> any Exchange
}

extension AdapterMistake {
    static var manifest: Manifest { .chat }
    static func change(_ call: HTTPCall) -> HTTPCall { call }
    static func exchange(_ inner: any Exchange, _ ask: Ask) -> any Exchange { inner }
}

/// No mistake: shows that the others fail for theirs.
enum Faultless: AdapterMistake {}

enum WrongIdentity: AdapterMistake {
    static var manifest: Manifest { Manifest(id: "openai-chat-2", operations: [.chat: "/"], formats: [.openAIChat]) }
}

enum ExtraSpace: AdapterMistake {
    static func change(_ call: HTTPCall) -> HTTPCall {
        var call = call
        call.body.append(0x20)
        return call
    }
}

enum OwnSecret: AdapterMistake {
    static func change(_ call: HTTPCall) -> HTTPCall {
        var call = call
        call.headers.append(HeaderField("Authorization", "Bearer mine"))
        return call
    }
}

enum WrongPath: AdapterMistake {
    static func change(_ call: HTTPCall) -> HTTPCall {
        var call = call
        call.path = "/v1\(call.path)"
        return call
    }
}

/// Tells every error as the provider's own failure, so that a wrong key would be tried again and again.
enum OneErrorClass: AdapterMistake {
    static func exchange(_ inner: any Exchange, _ ask: Ask) -> any Exchange {
        ChangingExchange(inner: inner) { event in
            guard case .error(var error) = event else { return [event] }
            error.errorClass = .server
            return [.error(error)]
        }
    }
}

/// Takes the finish for the end, so that a stream cut before its mark is a success.
enum EarlyEnd: AdapterMistake {
    static func exchange(_ inner: any Exchange, _ ask: Ask) -> any Exchange {
        ChangingExchange(inner: inner) { event in
            switch event {
            case .finish: [event, .terminal(name: nil, Array("[DONE]".utf8))]
            case .terminal: []
            default: [event]
            }
        }
    }
}

/// Gives events names that the provider did not give them.
enum OwnNames: AdapterMistake {
    static func exchange(_ inner: any Exchange, _ ask: Ask) -> any Exchange {
        ChangingExchange(inner: inner) { event in
            guard case .upstream(_, let bytes, let stage) = event else { return [event] }
            return [.upstream(name: "chunk", bytes, stage)]
        }
    }
}

/// Takes each piece of the body for whole lines.
enum LinePerPiece: AdapterMistake {
    static func exchange(_ inner: any Exchange, _ ask: Ask) -> any Exchange { LineExchange() }

    private struct LineExchange: Exchange {
        func begin(_ head: ResponseHead) -> [ReplyEvent] { [] }

        func feed(_ chunk: [UInt8], last: Bool) -> [ReplyEvent] {
            chunk.split(separator: UInt8(ascii: "\n")).map { .upstream(name: nil, Array($0), .content) }
        }
    }
}

/// Decodes each piece for itself, so that a character cut in two is lost.
enum TextPerPiece: AdapterMistake {
    static func exchange(_ inner: any Exchange, _ ask: Ask) -> any Exchange { TextExchange() }

    private struct TextExchange: Exchange {
        func begin(_ head: ResponseHead) -> [ReplyEvent] { [] }

        func feed(_ chunk: [UInt8], last: Bool) -> [ReplyEvent] {
            [.text(String(decoding: chunk, as: UTF8.self))]
        }
    }
}

/// Takes a body that ends cleanly for whole, whatever it says.
enum HalfAnswer: AdapterMistake {
    static func exchange(_ inner: any Exchange, _ ask: Ask) -> any Exchange { HalfExchange(inner: inner) }

    private struct HalfExchange: Exchange {
        var inner: any Exchange
        var isRefused = false

        mutating func begin(_ head: ResponseHead) -> [ReplyEvent] {
            isRefused = head.status != 200
            return inner.begin(head)
        }

        mutating func feed(_ chunk: [UInt8], last: Bool) -> [ReplyEvent] {
            inner.feed(chunk, last: last).map { event in
                guard case .error = event, !isRefused else { return event }
                return .finish(reason: "stop")
            }
        }
    }
}

private struct ChangingExchange: Exchange {
    var inner: any Exchange
    let change: @Sendable (ReplyEvent) -> [ReplyEvent]

    mutating func begin(_ head: ResponseHead) -> [ReplyEvent] {
        inner.begin(head).flatMap(change)
    }

    mutating func feed(_ chunk: [UInt8], last: Bool) -> [ReplyEvent] {
        inner.feed(chunk, last: last).flatMap(change)
    }
}
