import SluiceJSON
import SluiceProvider
import SluiceTypes
import Testing

@Suite("A provider's row")
struct ProviderRowTests {
    private func fit(_ models: [String], _ model: String) -> ModelFit? {
        ProviderRow(
            name: "row",
            adapterID: "none",
            adapter: NoAdapter(),
            operations: [.chat],
            models: models.map { ModelPattern($0) }
        ).closeness(to: model)
    }

    @Test("fits a model exactly before by pattern, by the longer pattern before the shorter")
    func closeness() throws {
        #expect(fit(["gpt-4", "*"], "gpt-4") == .exact)
        #expect(fit(["*", "gpt-*"], "gpt-4") == .pattern(4))
        #expect(fit(["*"], "gpt-4") == .pattern(0))
        #expect(fit(["gpt-*"], "o1") == nil)
        #expect(fit([], "o1") == nil)
        #expect(ModelFit.exact > .pattern(1000))
        #expect(ModelFit.pattern(5) > .pattern(4))
    }

    @Test(
        "says whether responses are stored, whatever their callers and its parameters say, and nothing of other formats",
        arguments: [
            (nil, .openAIResponses, #"{"model":"m","store":true}"#, #"{"model":"m","store":true}"#),
            (false, .openAIResponses, #"{"model":"m","store": true}"#, #"{"model":"m","store": false}"#),
            (false, .openAIResponses, #"{"model":"m"}"#, #"{"model":"m","store":false}"#),
            (true, .openAIResponses, #"{"model":"m","store":null}"#, #"{"model":"m","store":true}"#),
            (false, .openAIChat, #"{"model":"m","store":true}"#, #"{"model":"m"}"#),
        ] as [(Bool?, RequestFormat, String, String)]
    )
    func store(store: Bool?, format: RequestFormat, body: String, sent: String) throws {
        let row = ProviderRow(
            name: "row",
            adapterID: "none",
            adapter: NoAdapter(),
            operations: [.chat],
            formats: [.openAIChat, .openAIResponses],
            models: [],
            parameters: Parameters(drop: store == nil ? [] : ["store"]),
            statePolicy: StatePolicy(store: store)
        )
        let request = CallerRequest(
            operation: .chat,
            format: format,
            stream: false,
            model: "m",
            document: try Document(Array(body.utf8))
        )
        let ask = try row.ask(for: request, model: "m", attempt: 1)
        #expect(
            String(decoding: ask.body.bytes, as: UTF8.self).replacing(" ", with: "") == sent.replacing(" ", with: "")
        )
    }
}

private struct NoAdapter: Adapter {
    func prepare(_ ask: Ask) throws(AdapterFault) -> Prepared { .answer([]) }
    func reading(for ask: Ask) -> Reading { .pure(NoExchange()) }
}

/// These adapters are never sent anything.
private struct NoExchange: Exchange {
    func begin(_ head: ResponseHead) -> [ReplyEvent] { [] }

    func feed(_ chunk: [UInt8], last: Bool) -> [ReplyEvent] { [] }
}
