import SluiceCatalogue
import SluiceProvider
import SluiceTypes
import Testing

@Suite("What a row says of what its provider holds")
struct StateRowTests {
    private static let responses = FakeSource(
        manifest: Manifest(id: "openai-responses", operations: [.chat: "/responses"], formats: [.openAIResponses])
    )

    private func catalogue(_ rows: String) async throws(ProviderFileError) -> Catalogue {
        try await ProviderFile.parse(
            Array(#"{"version": 1, "providers": [\#(rows)]}"#.utf8),
            name: "p.json",
            adapters: adapters + [StateRowTests.responses],
            environment: ["KEY": "k1", "OTHER": "k2"]
        )
    }

    private func row(
        _ members: String,
        name: String = "a",
        adapter: String = "openai-responses",
        host: String = "api.openai.com",
        key: String = "KEY"
    ) -> String {
        #"""
        {"name": "\#(name)", "adapter": "\#(adapter)", "models": ["m"], "baseURL": "https://\#(host)/v1",
         "credential": {"env": "\#(key)"}\#(members.isEmpty ? "" : ", ")\#(members)}
        """#
    }

    private func policy(_ row: String) async throws -> StatePolicy? {
        try await catalogue(row).rows.first?.statePolicy
    }

    @Test("is that responses are kept for 29 days at OpenAI's own host, and that the account has tenants")
    func standard() async throws {
        #expect(try await policy(row("")) == StatePolicy(keepsResponses: 29))
        #expect(try await policy(row("", host: "API.OpenAI.com:443")) == StatePolicy(keepsResponses: 29))
        #expect(try await policy(row("", host: "openai.example.com")) == StatePolicy())
        #expect(try await policy(row("", adapter: "openai-chat")) == StatePolicy())
    }

    @Test("is read")
    func read() async throws {
        let members = #""sharedState": true, "keepsResponses": 7, "receivesHistory": false, "store": false"#
        let policy = StatePolicy(isShared: true, keepsResponses: 7, receivesHistory: false, store: false)
        #expect(try await self.policy(row(members)) == policy)
        #expect(policy.words == ["sharedState", "keepsResponses 7", "receivesHistory false", "store false"])
        #expect(StatePolicy().words.isEmpty)
        #expect(try await self.policy(row(#""keepsResponses": 0"#)) == StatePolicy())
        // Earlier turns may be put into other formats.
        let chat = #""sharedState": true, "receivesHistory": true"#
        let shared = StatePolicy(isShared: true, receivesHistory: true)
        #expect(try await self.policy(row(chat, adapter: "openai-chat")) == shared)
    }

    @Test(
        "is told with what is allowed there",
        arguments: [
            (#""sharedState": "yes""#, "openai-responses", "/sharedState", "must be true or false"),
            (#""keepsResponses": -1"#, "openai-responses", "/keepsResponses", "from 0 to 3650"),
            (#""keepsResponses": 1.5"#, "openai-responses", "/keepsResponses", "a whole number"),
            (#""keepsResponses": "29 d""#, "openai-responses", "/keepsResponses", "must be a number"),
            (#""receivesHistory": 1"#, "openai-responses", "/receivesHistory", "must be true or false"),
            (#""store": null"#, "openai-responses", "/store", "must be true or false"),
            (
                #""keepsResponses": 7"#, "openai-chat", "/keepsResponses",
                "does not speak OpenAI's Responses; take it out"
            ),
            (#""store": true"#, "openai-chat", "/store", "has no effect: the adapter openai-chat does not speak"),
            (#""receivesHistory": true"#, "openai-embedding", "/receivesHistory", "serves no chats; take it out"),
        ]
    )
    func faults(members: String, adapter: String, place: String, sentence: String) async throws {
        do throws(ProviderFileError) {
            _ = try await catalogue(row(members, adapter: adapter))
            Issue.record("it was taken")
        } catch {
            let fault = try #require(error.faults.first)
            #expect(error.faults.count == 1)
            #expect(fault.pointer == "/providers/0\(place)")
            #expect(fault.line == 2)
            #expect(fault.message.contains(sentence), "\(fault.message)")
        }
    }

    @Test(
        "is doubted where a row beside it sends everybody's calls to the same account",
        arguments: [
            (#""sharedState": true"#, "KEY", "api.openai.com", false), ("", "OTHER", "api.openai.com", false),
            ("", "KEY", "h.example.com", false),
            (#""headers": {"OpenAI-Project": "p"}"#, "KEY", "api.openai.com", false),
            ("", "KEY", "api.openai.com", true),
        ]
    )
    func tenants(members: String, key: String, host: String, isDoubted: Bool) async throws {
        let other = row(members, name: "b", adapter: "openai-chat", host: host, key: key)
        let warnings = try await catalogue(row(#""sharedState": true"#) + ", " + other).warnings
        #expect(
            warnings.contains { $0.hasPrefix("row a: ") && $0.contains("row b, which does not say so") } == isDoubted
        )
    }
}
