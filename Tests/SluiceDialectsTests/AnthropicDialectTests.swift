import SluiceDialects
import SluiceJSON
import SluiceProvider
import SluiceTypes
import Testing

@Suite("Anthropic's dialect")
struct AnthropicDialectTests {
    private let body = #"{ "model":"m","max_tokens":1.0 ,"messages":[]}"#

    private func request(_ format: RequestFormat) throws -> CallerRequest {
        CallerRequest(
            operation: .chat,
            format: format,
            stream: true,
            model: "m",
            document: try Document(Array(body.utf8))
        )
    }

    @Test("takes a request in its format byte for byte, a stream too")
    func same() throws {
        let translated = try AnthropicDialect.translate(request(.anthropicMessages))
        #expect(translated.document.bytes == Array(body.utf8) && translated.edits.isEmpty)
    }

    @Test(
        "refuses one in any other format, and says which format and path it takes",
        arguments: RequestFormat.allCases.filter { $0 != .anthropicMessages }
    )
    func others(format: RequestFormat) throws {
        let request = try request(format)
        let fault = #expect(throws: AdapterFault.self) { try AnthropicDialect.translate(request) }
        #expect(fault?.errorClass == .invalidRequest)
        for word in [format.rawValue, "anthropic-messages", "POST /v1/messages"] {
            #expect(fault?.message.contains(word) == true, "\(word)")
        }
    }

    @Test("asks for all models on one page, and reads their names")
    func models() {
        let call = AnthropicDialect.modelsCall
        #expect(call.method == "GET" && call.path == "/models?limit=1000")
        #expect(call.headers == [HeaderField("anthropic-version", "2023-06-01")])
        #expect(call.authorization == .header(name: "x-api-key", prefix: ""))
        let list =
            #"{"data":[{"type":"model","id":"claude-a","display_name":"A","created_at":"2026-01-01T00:00:00Z"},{"id":""}],"has_more":false}"#
        #expect(AnthropicDialect.models(in: Array(list.utf8)) == ["claude-a"])
        #expect(AnthropicDialect.models(in: Array(#"{"type":"error","error":{}}"#.utf8)) == nil)
    }

    @Test("sends the row's own fields and the caller's betas as the row says")
    func betas() throws {
        let row = ProviderRow(
            name: "a",
            adapterID: "anthropic-messages",
            adapter: AnthropicAdapter(
                Manifest(
                    id: "anthropic-messages",
                    operations: [.chat: "/messages"],
                    formats: [.anthropicMessages]
                )
            ),
            operations: [.chat],
            models: [],
            betas: .only(["b-1"]),
            version: "2024-01-01"
        )
        var ask = try row.ask(for: request(.anthropicMessages), model: "m", attempt: 1)
        #expect(ask.version == "2024-01-01")
        ask.headers = [HeaderField("anthropic-beta", "b-1,b-2"), HeaderField("anthropic-beta", "b-2")]
        guard case .call(let call) = try row.adapter.prepare(ask) else {
            Issue.record("no call")
            return
        }
        #expect(call.headers.filter { $0.isNamed("anthropic-beta") }.map(\.value) == ["b-1"])
        // The row's version is for requests that were translated.
        #expect(call.headers.contains(HeaderField("anthropic-version", "2023-06-01")))
    }
}
