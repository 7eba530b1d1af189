import SluiceJSON
import SluiceProvider
import SluiceTypes

/// Stands for an adapter that makes calls.
struct ChatAdapter: Adapter {
    static let manifest = Manifest(id: "openai-chat", operations: [.chat])

    init(settings: JSONValue?) throws(AdapterFault) {}

    func prepare(_ ask: Ask) throws(AdapterFault) -> Prepared { .answer([]) }
    func exchange(for ask: Ask) -> any Exchange { NoExchange() }
}

/// Stands for a second one.
struct CompletionAdapter: Adapter {
    static let manifest = Manifest(id: "openai-completion", operations: [.completion])

    init(settings: JSONValue?) throws(AdapterFault) {}

    func prepare(_ ask: Ask) throws(AdapterFault) -> Prepared { .answer([]) }
    func exchange(for ask: Ask) -> any Exchange { NoExchange() }
}

/// Stands for a third one.
struct EmbeddingAdapter: Adapter {
    static let manifest = Manifest(id: "openai-embedding", operations: [.embedding])

    init(settings: JSONValue?) throws(AdapterFault) {}

    func prepare(_ ask: Ask) throws(AdapterFault) -> Prepared { .answer([]) }
    func exchange(for ask: Ask) -> any Exchange { NoExchange() }
}

/// Stands for one that makes no calls and has a setting.
struct LocalAdapter: Adapter {
    static let manifest = Manifest(
        id: "stub",
        operations: [.chat, .completion, .embedding],
        settings: ["sizeTokens": "How much it says."],
        needsEndpoint: false
    )

    init(settings: JSONValue?) throws(AdapterFault) {
        guard let size = settings?[key: "sizeTokens"] else { return }
        guard let number = size.integer, number > 0 else {
            throw AdapterFault(.invalidRequest, "must be a whole number above 0", setting: "sizeTokens")
        }
    }

    func prepare(_ ask: Ask) throws(AdapterFault) -> Prepared { .answer([]) }
    func exchange(for ask: Ask) -> any Exchange { NoExchange() }
}

let adapters: [any Adapter.Type] = [
    ChatAdapter.self, CompletionAdapter.self, EmbeddingAdapter.self, LocalAdapter.self,
]

/// These adapters are never sent anything.
private struct NoExchange: Exchange {
    func begin(_ head: ResponseHead) -> [ReplyEvent] { [] }

    func feed(_ chunk: [UInt8], last: Bool) -> [ReplyEvent] { [] }
}
