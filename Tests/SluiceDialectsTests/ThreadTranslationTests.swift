import SluiceDialects
import SluiceJSON
import SluiceProvider
import SluiceTypes
import Testing

/// What a request takes up, and what of it another account has written, as an adapter puts it into its format.
@Suite("Requests that go on")
struct ThreadTranslationTests {
    private static let responses = ResponsesAdapter(
        Manifest(id: "openai-responses", operations: [.chat: "/responses"], formats: [.openAIResponses])
    )
    private static let messages = AnthropicAdapter(
        Manifest(id: "anthropic-messages", operations: [.chat: "/messages"], formats: [.anthropicMessages])
    )

    private func request(_ body: String, _ format: RequestFormat = .openAIResponses) throws -> CallerRequest {
        CallerRequest(
            operation: .chat,
            format: format,
            stream: false,
            model: "m",
            document: try Document(Array(body.utf8))
        )
    }

    private func sent(_ request: CallerRequest, _ adapter: any Adapter = responses) throws -> (String, [String]) {
        let translated = try adapter.translate(request)
        let document =
            translated.edits.isEmpty ? translated.document : try translated.document.applying(translated.edits)
        return (String(decoding: document.bytes, as: UTF8.self), translated.dropped)
    }

    @Test("the provider's own name of the answer stands in the place of the caller's, and nothing else changes")
    func kept() throws {
        var request = try request(#"{ "previous_response_id" : "resp_ours", "input": "x" }"#)
        request.before = .kept(id: "resp_\"up")
        #expect(try sent(request) == (#"{ "previous_response_id" : "resp_\"up", "input": "x" }"#, []))
    }

    @Test("a thread is told from what is stored of it, as an object or as events")
    func told() throws {
        let output = #"[{"type":"message","id":"msg_1","role":"assistant","content":"a"}]"#
        let events = [
            ("response.created", "{}"), ("response.output_text.delta", #"{"delta":"a"}"#),
            ("response.completed", #"{"type":"response.completed","response":{"output":\#(output)}}"#),
        ].map { ThreadTurn.Event(name: Array($0.0.utf8)[...], data: Array($0.1.utf8)[...]) }
        for stored in [ThreadTurn.Output.object(Array(#"{"output":\#(output)}"#.utf8)), .events(events)] {
            let turn = ThreadTurn(
                job: .generate(at: Timestamp(milliseconds: 1)),
                input: Array(#"{"input":"q"}"#.utf8),
                output: stored,
                sharesAccount: false
            )
            var request = try request(#"{"input":"x","previous_response_id":"resp_ours"}"#)
            request.before = .told([turn], limit: 1000)
            let translated = try Self.responses.translate(request)
            #expect(
                String(decoding: translated.document.bytes, as: UTF8.self)
                    == #"{"input":[{"type":"message","role":"user","content":"q"},"#
                    + #"{"type":"message","role":"assistant","content":"a"},"#
                    + #"{"type":"message","role":"user","content":"x"}]}"#
            )
            #expect(translated.turns == 1)
            request.before = .told([turn], limit: 20)
            #expect {
                _ = try Self.responses.translate(request)
            } throws: { error in
                let fault = error as? AdapterFault
                return fault?.errorClass == .invalidRequest && fault?.parameter == "previous_response_id"
            }
        }
    }

    @Test("of the items those go that another account has written, from the first on")
    func foreignItems() throws {
        let item = { (name: String) in #"{"type":"reasoning","summary":[],"encrypted_content":"\#(name)"}"# }
        let input = [item("a"), #"{"role":"user","content":"q"}"#, item("b")].joined(separator: ",")
        var request = try request(#"{"input":[\#(input)]}"#)
        for (foreign, left) in [
            (nil, ["a", "b"]), (.first(0), ["a", "b"]), (.first(1), ["b"]), (.first(3), []), (.all, []),
            (.first(4), ["a", "b"]),
        ] as [(ForeignReasoning?, [String])] {
            request.foreign = foreign
            let (body, dropped) = try sent(request)
            #expect(["a", "b"].filter { body.contains(#""\#($0)""#) } == left)
            #expect(dropped == (left.count == 2 ? [] : ["reasoning"]))
            #expect(try Self.responses.translate(request).entries == (foreign == nil ? nil : 3))
        }
    }

    @Test("a compaction stays where nobody knows who wrote it, and is refused where another account did")
    func compaction() throws {
        let input = #"{"type":"compaction","encrypted_content":"c"},{"role":"user","content":"q"}"#
        var request = try request(#"{"input":[\#(input)]}"#)
        request.foreign = .first(1)
        #expect(try sent(request) == (#"{"input":[\#(input)]}"#, []))
        request.foreign = .all
        #expect { _ = try Self.responses.translate(request) } throws: { ($0 as? AdapterFault)?.parameter == "input" }
    }

    @Test(
        "of the thinking that goes that another account has signed, and what is asked for stays where its own is left"
    )
    func foreignThinking() throws {
        let turn = { (name: String) in
            #"{"role":"assistant","content":[{"type":"thinking","thinking":"","signature":"\#(name)"},"#
                + #"{"type":"tool_use","id":"t","name":"n","input":{}}]}"#
        }
        let result = #"{"role":"user","content":[{"type":"tool_result","tool_use_id":"t"}]}"#
        let messages = [turn("a"), result, turn("b"), result].joined(separator: ",")
        let body = #"{"thinking":{"type":"enabled","budget_tokens":1024},"messages":[\#(messages)]}"#
        var request = try request(body, .anthropicMessages)
        for (foreign, left, mode) in [
            (nil, ["a", "b"], true), (.first(0), ["a", "b"], true), (.first(2), ["b"], true), (.all, [], false),
        ] as [(ForeignReasoning?, [String], Bool)] {
            request.foreign = foreign
            let (body, dropped) = try sent(request, Self.messages)
            #expect(["a", "b"].filter { body.contains(#""\#($0)""#) } == left)
            #expect(body.contains("budget_tokens") == mode)
            #expect(dropped == (left.count == 2 ? [] : ["thinking"]))
            #expect(try Self.messages.translate(request).entries == (foreign == nil ? nil : 4))
        }
    }

    @Test("a refusal says how the request can be put otherwise, or nothing")
    func amendment() {
        let lost = ProviderError(.invalidRequest, "no", code: "previous_response_not_found")
        let unverified = ProviderError(.invalidRequest, "no", code: "invalid_encrypted_content")
        let other = ProviderError(.invalidRequest, "no", code: "invalid_value")
        #expect([lost, unverified, other].map(Self.responses.amendment) == [.threadTold, .withoutReasoning, nil])
        #expect([lost, unverified, other].map(Self.messages.amendment) == [nil, .withoutReasoning, nil])
    }
}
