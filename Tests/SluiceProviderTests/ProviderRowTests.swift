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
        "lets no provider compare a message with one of another tenant's, as Claude Code asks for",
        arguments: [false, true]
    )
    func diagnostics(isShared: Bool) throws {
        let body = #"{"model":"m","diagnostics":{"previous_message_id":"msg_1"},"messages":[]}"#
        let row = ProviderRow(
            name: "row",
            adapterID: "none",
            adapter: NoAdapter(),
            operations: [.chat],
            models: [],
            statePolicy: StatePolicy(isShared: isShared)
        )
        for format in [RequestFormat.anthropicMessages, .openAIChat] {
            let request = CallerRequest(
                operation: .chat,
                format: format,
                stream: false,
                model: "m",
                document: try Document(Array(body.utf8))
            )
            let sent = String(decoding: try row.ask(for: request, model: "m", attempt: 1).body.bytes, as: UTF8.self)
            let isCut = format == .anthropicMessages && !isShared
            #expect(sent == (isCut ? #"{"model":"m","messages":[]}"# : body))
        }
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

    @Test(
        "puts its parameters into what is answered, not into what is counted or compacted",
        arguments: [
            (.openAIResponses, true, #"{"model":"u","input":"x","max_output_tokens":9,"store":false}"#),
            (.openAIResponses, false, #"{"model":"u","input":"x"}"#),
            (.openAICompaction, true, #"{"model":"u","input":"x"}"#),
            (.anthropicMessages, true, #"{"model":"u","input":"x","max_output_tokens":9}"#),
            (.anthropicMessages, false, #"{"model":"u","input":"x"}"#),
        ] as [(RequestFormat, Bool, String)]
    )
    func parameters(format: RequestFormat, isAnswered: Bool, sent: String) throws {
        let row = ProviderRow(
            name: "row",
            adapterID: "none",
            adapter: NoAdapter(),
            operations: [.chat],
            models: [],
            parameters: Parameters(defaults: [.init("max_output_tokens", Array("9".utf8))]),
            statePolicy: StatePolicy(store: false)
        )
        let request = CallerRequest(
            operation: .chat,
            format: format,
            stream: false,
            model: "m",
            document: try Document(Array(#"{"model":"m","input":"x"}"#.utf8))
        )
        let ask = try row.ask(for: request, model: "u", attempt: 1, isAnswered: isAnswered)
        #expect(String(decoding: ask.body.bytes, as: UTF8.self) == sent)
        #expect(ask.format == format)
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
