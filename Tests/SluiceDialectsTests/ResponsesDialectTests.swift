import SluiceDialects
import SluiceJSON
import SluiceProvider
import SluiceTypes
import Testing

@Suite("Requests for responses")
struct ResponsesDialectTests {
    private func request(_ format: RequestFormat, _ body: String) throws -> CallerRequest {
        let document = try Document(Array(body.utf8))
        return CallerRequest(operation: .chat, format: format, stream: false, model: "m", document: document)
    }

    /// The formats whose bodies go up as they are.
    private static let own: Set<RequestFormat> = [.openAIResponses, .openAICompaction]

    @Test("in another format are refused with the name of the format and the path", arguments: RequestFormat.allCases)
    func formats(format: RequestFormat) throws {
        let body = #"{"model":"m", "input":"Hi"}"#
        let request = try request(format, body)
        do throws(AdapterFault) {
            let translated = try ResponsesDialect.translate(request)
            #expect(ResponsesDialectTests.own.contains(format))
            #expect(translated.document.bytes == Array(body.utf8) && translated.edits.isEmpty)
        } catch {
            #expect(!ResponsesDialectTests.own.contains(format))
            #expect(error.errorClass == .invalidRequest)
            for word in [format.rawValue, "openai-responses", "POST /v1/responses"] {
                #expect(error.message.contains(word))
            }
        }
    }

    @Test("take Codex's own header fields along, and no others")
    func headers() throws {
        let fields = [
            HeaderField("x-codex-turn", "1"), HeaderField("X-Codex-Window", "2"),
            HeaderField("authorization", "Bearer x"),
            HeaderField("openai-organization", "o"), HeaderField("xx-codex-turn", "3"), HeaderField("session-id", "s"),
        ]
        let body = try Document(Array(#"{"input":"Hi"}"#.utf8))
        let ask = Ask(operation: .chat, stream: true, attempt: 1, model: "m", body: body, headers: fields)
        let call = try ResponsesDialect.call(for: ask, to: "/responses")
        #expect(
            call.headers == [
                HeaderField("Content-Type", "application/json"), HeaderField("Accept", "text/event-stream"),
                HeaderField("x-codex-turn", "1"), HeaderField("X-Codex-Window", "2"),
            ]
        )
    }
}
