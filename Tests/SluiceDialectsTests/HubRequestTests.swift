import SluiceJSON
import SluiceProvider
import SluiceTypes
import Testing

@testable import SluiceDialects

@Suite("A request through the hub")
struct HubRequestTests {
    private func read(_ body: [UInt8], _ format: RequestFormat) throws -> HubRequest {
        let root = try Document(body).root
        return switch format {
        case .anthropicMessages: MessagesRendering.request(root)
        case .openAIResponses: ResponsesRendering.request(root)
        default: ChatRendering.request(root)
        }
    }

    private func write(_ request: HubRequest, _ format: RequestFormat) -> [UInt8] {
        switch format {
        case .anthropicMessages: MessagesRendering.body(of: request, model: "m", stream: true, maximum: 4096)
        case .openAIResponses: ResponsesRendering.body(of: request, model: "m", stream: true)
        default: ChatRendering.body(of: request, model: "m", stream: true)
        }
    }

    @Test("is what its outline says", arguments: HubFixture.all(.request))
    func outline(fixture: HubFixture) throws {
        #expect(HubOutline.of(try read(fixture.body, fixture.format)) == fixture.outline)
    }

    @Test("comes back in its own format as it was", arguments: HubFixture.all(.request))
    func roundTrip(fixture: HubFixture) throws {
        let request = try read(fixture.body, fixture.format)
        let written = write(request, fixture.format)
        #expect(try HubMeaning.of(written) == HubMeaning.of(fixture.body))
        // The hub's values are equal when they are spelled alike, so texts, numbers and opaque values are equal to the byte.
        #expect(try read(written, fixture.format) == request)
    }

    @Test("has fixtures of every format")
    func fixtures() {
        let formats = Set(HubFixture.all(.request).map(\.format))
        #expect(formats == [.openAIChat, .anthropicMessages, .openAIResponses])
        #expect(HubFixture.all(.request).count >= 9)
    }

    @Test("reaches no other dialect with what is one's own")
    func foreign() throws {
        for fixture in HubFixture.all(.request) {
            let request = try read(fixture.body, fixture.format)
            for format in [RequestFormat.openAIChat, .anthropicMessages, .openAIResponses]
            where format != fixture.format {
                let text = String(decoding: write(request, format), as: UTF8.self)
                _ = try Document(Array(text.utf8))
                #expect(!text.contains("own-"), "\(fixture.name) in \(format)")
            }
        }
    }

    @Test("whose arguments are no JSON can't break a body in which they are a value")
    func arguments() throws {
        for (arguments, expected) in [("", "{}"), ("{\"a\":", #""{\"a\":""#), (#"{"a":0.70}"#, #"{"a":0.70}"#)] {
            let call = HubCall(id: "c", name: "f", arguments: SpelledText(arguments))
            let request = HubRequest([HubTurn(.assistant, [HubPart(.call(call))])])
            let body = try Document(write(request, .anthropicMessages)).root
            let input = body[key: "messages"]?[0]?[key: "content"]?[0]?[key: "input"]
            #expect(input.map { String(decoding: $0.bytes, as: UTF8.self) } == expected)
        }
    }

    @Test(
        "that is malformed loses nothing and is told once",
        arguments: [
            (RequestFormat.openAIChat, #""messages":"x","tools":{},"tool_choice":[1],"stop":[1],"temperature":"a""#),
            (.openAIChat, #""messages":[7,{"role":"x"},{"content":1,"role":"user"},{"role":"tool","content":"a"}]"#),
            (.openAIChat, #""messages":[{"role":"assistant","content":"a","tool_calls":[{"id":1},7],"refusal":1}]"#),
            (.anthropicMessages, #""max_tokens":"x","messages":{},"system":1,"tool_choice":"a","tools":[7]"#),
            (.anthropicMessages, #""max_tokens":1,"messages":[7,{"role":"user","content":[7,{"type":"image"}]}]"#),
            (.openAIResponses, #""input":{"a":1},"instructions":[1],"text":1,"reasoning":"x","tools":[{}]"#),
            (.openAIResponses, #""input":[7,{"type":"reasoning","summary":[1]},{"role":"user","content":[7]}]"#),
        ]
    )
    func malformed(format: RequestFormat, members: String) throws {
        let body = Array("{\"model\":\"m\",\"stream\":true,\(members)}".utf8)
        #expect(try HubMeaning.of(write(try read(body, format), format)) == HubMeaning.of(body))
    }
}
