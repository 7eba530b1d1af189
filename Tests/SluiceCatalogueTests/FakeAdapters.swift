import SluiceJSON
import SluiceProvider
import SluiceTypes

/// Stands for an adapter that is never sent anything.
struct FakeAdapter: Adapter {
    var settings: AdapterSettings

    func prepare(_ ask: Ask) throws(AdapterFault) -> Prepared { .answer([]) }
    func reading(for ask: Ask) -> Reading { .pure(NoExchange()) }

    private struct NoExchange: Exchange {
        func begin(_ head: ResponseHead) -> [ReplyEvent] { [] }

        func feed(_ chunk: [UInt8], last: Bool) -> [ReplyEvent] { [] }
    }
}

/// Opens fakes.
struct FakeSource: AdapterSource {
    var manifest: Manifest

    func open(_ settings: AdapterSettings) async throws(AdapterFault) -> any Adapter {
        if manifest.settings["sizeTokens"] != nil, settings["sizeTokens"] == 13 {
            throw AdapterFault(.invalidRequest, "must not be 13", setting: "sizeTokens")
        }
        return FakeAdapter(settings: settings)
    }
}

let adapters: [any AdapterSource] = [
    FakeSource(
        manifest: Manifest(
            id: "openai",
            operations: [.chat: "/chat", .completion: "/text", .embedding: "/vectors"],
            formats: [.openAIChat, .openAICompletion, .openAIEmbedding]
        )
    ),
    FakeSource(manifest: Manifest(id: "openai-chat", operations: [.chat: "/chat"], formats: [.openAIChat])),
    FakeSource(
        manifest: Manifest(id: "openai-completion", operations: [.completion: "/text"], formats: [.openAICompletion])
    ),
    FakeSource(
        manifest: Manifest(id: "openai-embedding", operations: [.embedding: "/vectors"], formats: [.openAIEmbedding])
    ),
    FakeSource(
        manifest: Manifest(
            id: "stub",
            operations: [.chat: nil, .completion: nil, .embedding: nil],
            formats: [.openAIChat, .openAICompletion, .openAIEmbedding],
            settings: ["sizeTokens": AdapterSetting(description: "How much it says.", range: 1...1000, standard: 50)]
        )
    ),
]
