import SluiceDialects
import SluiceJSON
import SluiceTypes
import Testing

/// What a request names of what its provider holds for its account.
@Suite("State names")
struct StateNamesTests {
    private func names(_ body: String, _ format: RequestFormat) throws -> StateNames {
        StateNames(in: try Document(Array(body.utf8)).root, of: format)
    }

    @Test("name what the provider holds, by the place of the member", arguments: StateNamesCases.chat)
    func chat(body: String, path: String) throws { try check(body, .openAIChat, path) }

    @Test("name what the provider holds for responses", arguments: StateNamesCases.responses)
    func responses(body: String, path: String) throws { try check(body, .openAIResponses, path) }

    @Test("name what the provider holds for messages", arguments: StateNamesCases.messages)
    func messages(body: String, path: String) throws { try check(body, .anthropicMessages, path) }

    /// Null in the place of what is named names nothing.
    private func check(_ body: String, _ format: RequestFormat, _ path: String) throws {
        let names = try names(body, format)
        #expect((names.state, names.first, names.payer) == (path, path, nil))
        let named = try #require(value(at: path, in: try Document(Array(body.utf8)).root)).bytes
        var absent = Array(body.utf8)
        absent.replaceSubrange(named.startIndex..<named.endIndex, with: Array("null".utf8))
        let others = StateNames(in: try Document(absent).root, of: format)
        #expect(others.state == nil)
    }

    private func value(at path: String, in root: JSONValue) -> JSONValue? {
        path.split { "[].".contains($0) }.reduce(root) { value, step in
            Int(step).map { value?[$0] } ?? value?[key: String(step)]
        }
    }

    @Test(
        "tell apart what whoever knows the conversation can put in its place",
        arguments: StateNamesCases.others
    )
    func others(body: String, place: String) throws {
        let names = try names(body, .openAIResponses)
        #expect((names.item, names.state, names.reference, names.first) == (place, nil, nil, place))
    }

    @Test("tell a reference apart, which only names what stands elsewhere", arguments: StateNamesCases.references)
    func references(body: String, place: String) throws {
        let names = try names(body, .openAIResponses)
        #expect((names.reference, names.state, names.item, names.first) == (place, nil, nil, place))
    }

    @Test("tell each kind by itself, and the first of it")
    func together() throws {
        let body =
            #"{"billing_policy":{"type":"billing_policy"},"conversation":"conv_1","input":[{"id":"a"},{"id":"b"}],"#
            + #""tools":[{"type":"mcp","connector_id":"c"}]}"#
        let names = try names(body, .openAIResponses)
        #expect((names.payer, names.state, names.reference) == ("billing_policy", "conversation", "input[0].id"))
        #expect(names.first == "conversation")
    }

    @Test("tell who is to pay in every format but the gateway's own", arguments: RequestFormat.allCases)
    func payer(format: RequestFormat) throws {
        let body = #"{"model":"m","billing_policy":{"type":"billing_policy","bill_to":"user_profile"}}"#
        #expect(try names(body, format).payer == (format == .prompt ? nil : "billing_policy"))
        #expect(try names(#"{"billing_policy":null}"#, format).payer == nil)
    }

    @Test("leave alone what only looks like one", arguments: StateNamesCases.lookalikes)
    func lookalike(body: String, format: RequestFormat) throws {
        let names = try names(body, format)
        #expect((names.first, names.payer) == (nil, nil))
    }

    @Test("are told by their places in the body, wherever that stands")
    func nested() throws {
        let body = #"{"request":{"billing_policy":{},"messages":[{"role":"assistant","audio":{"id":"audio_1"}}]}}"#
        let request = try #require(try Document(Array(body.utf8)).root[key: "request"])
        let names = StateNames(in: request, of: .openAIChat)
        #expect((names.payer, names.state) == ("billing_policy", "messages[0].audio.id"))
    }

    @Test("are found however a member's name is spelt")
    func spelling() throws {
        let body = #"{"messages":[{"role":"user","content":[{"type":"file","f\u0069le":{"file\u005fid":"f"}}]}]}"#
        #expect(try names(body, .openAIChat).state == "messages[0].content[0].file.file_id")
    }
}
