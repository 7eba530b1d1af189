import SluiceDialects
import SluiceProvider
import SluiceTypes
import Testing

@Suite("The fields of a caller that go up")
struct ForwardedFieldsTests {
    private static let head = [
        ("Anthropic-Version", "2023-06-01"), ("anthropic-beta", "a-1,b-2"), ("ANTHROPIC-Beta", "c-3"),
        ("anthropic-something-new", "1"), ("anthropic-workspace-id", "w"), ("anthropic-user-profile-id", "u"),
        ("anthropic-organization-id", "o"), ("anthropic-dangerous-direct-browser-access", "true"),
        ("x-codex-turn-state", "s"), ("X-Codex-Window-Id", "2"), ("x-codex-account-id", "a"), ("xx-codex-a", "3"),
        ("openai-organization", "o"), ("openai-project", "p"), ("openai-beta", "b"), ("authorization", "Bearer x"),
        ("x-api-key", "k"), ("session-id", "s"), ("user-agent", "claude-cli/2.1"),
    ].map { (name: $0.0, value: $0.1) }

    @Test(
        "are those of its format, whoever pays left to the row, several of one name in their order",
        arguments: [
            RequestFormat.anthropicMessages: [
                HeaderField("anthropic-version", "2023-06-01"), HeaderField("anthropic-beta", "a-1,b-2"),
                HeaderField("anthropic-beta", "c-3"), HeaderField("anthropic-something-new", "1"),
            ],
            .openAIResponses: [HeaderField("x-codex-turn-state", "s"), HeaderField("x-codex-window-id", "2")],
            .openAIChat: [], .openAICompletion: [], .openAIEmbedding: [], .prompt: [],
        ]
    )
    func formats(format: RequestFormat, expected: [HeaderField]) throws {
        let fields = try ForwardedFields(of: Self.head, in: format)
        #expect(fields.fields == expected)
        #expect((fields.json == nil) == expected.isEmpty)
    }

    @Test("are kept as JSON, and sent by their dialects as they were kept")
    func kept() throws {
        let fields = try ForwardedFields(of: Self.head, in: .anthropicMessages)
        let kept = try #require(fields.json)
        #expect(
            String(decoding: kept, as: UTF8.self)
                == #"{"anthropic-beta":["a-1,b-2","c-3"],"anthropic-something-new":"1","anthropic-version":"2023-06-01"}"#
        )
        #expect(try Set([HeaderField](json: kept)) == Set(fields.fields))
    }

    @Test("have 16 KiB at most, and no control characters, so that no line can be smuggled in")
    func bounds() throws {
        let name = "anthropic-beta"
        let most = String(repeating: "b", count: ForwardedFields.most - name.utf8.count)
        #expect(try ForwardedFields(of: [(name: name, value: most)], in: .anthropicMessages).fields.count == 1)
        for value in [most + "b", "a\r\nx-api-key: k", "a\nb", "a\0", "a\u{7F}"] {
            let fault = #expect(throws: ForwardedFields.Fault.self) {
                try ForwardedFields(of: [(name: name, value: value)], in: .anthropicMessages)
            }
            #expect(fault?.name == name)
        }
        #expect(throws: ForwardedFields.Fault.self) {
            try ForwardedFields(of: [(name: name, value: most), (name: name, value: "")], in: .anthropicMessages)
        }
        // What does not go up is nobody's affair here.
        #expect(try ForwardedFields(of: [(name: "x-other", value: most + most)], in: .anthropicMessages).fields.isEmpty)
    }
}
