import SluiceCatalogue
import SluiceProvider
import SluiceTypes
import Testing

@Suite("A row that speaks Anthropic's Messages")
struct MessagesRowTests {
    private static let adapter = FakeSource(
        manifest: Manifest(
            id: "anthropic-messages",
            operations: [.chat: "/messages"],
            formats: [.anthropicMessages]
        )
    )

    private func parse(
        _ members: String,
        adapter: String = "anthropic-messages",
        host: String = "api.anthropic.com"
    ) async throws(ProviderFileError) -> ProviderRow? {
        let text = #"""
            {"version": 1, "providers": [{"name": "a", "adapter": "\#(adapter)", "models": ["m"],
             "baseURL": "https://\#(host)/v1", "credential": {"env": "KEY"}\#(members.isEmpty ? "" : ", ")\#(members)}]}
            """#
        return try await ProviderFile.parse(
            Array(text.utf8),
            name: "p.json",
            adapters: adapters + [MessagesRowTests.adapter],
            environment: ["KEY": "k1", "OTHER": "k2"]
        ).rows.first
    }

    private func fault(_ members: String, adapter: String = "anthropic-messages") async -> ProviderFileError.Fault? {
        do throws(ProviderFileError) {
            _ = try await parse(members, adapter: adapter)
            return nil
        } catch {
            return error.faults.count == 1 ? error.faults.first : nil
        }
    }

    @Test("passes betas to Anthropic and drops them elsewhere, unless it says otherwise")
    func betas() async throws {
        #expect(try await parse("")?.betas == .pass)
        #expect(try await parse("", host: "API.Anthropic.com:443")?.betas == .pass)
        #expect(try await parse("", host: "anthropic.example.com")?.betas == .drop)
        #expect(try await parse(#""betas": "drop""#)?.betas == .drop)
        #expect(try await parse(#""betas": "pass""#, host: "h.example.com")?.betas == .pass)
        #expect(try await parse(#""betas": ["context-1m-2025-08-07"]"#)?.betas == .only(["context-1m-2025-08-07"]))
    }

    @Test("may name a version of the API")
    func version() async throws {
        #expect(try await parse("")?.version == nil)
        #expect(try await parse(#""version": "2026-10-21""#)?.version == "2026-10-21")
    }

    @Test(
        "says what is allowed there",
        arguments: [
            (#""betas": "all""#, "/betas", "must be \"pass\""), (#""betas": true"#, "/betas", "or a list"),
            (#""betas": []"#, "/betas", "must not be empty"), (#""betas": ["a", "a"]"#, "/betas/1", "twice"),
            (#""betas": ["a,b"]"#, "/betas/0", "the name of one beta"),
            (#""betas": [1]"#, "/betas/0", "must be a string"),
            (#""version": "latest""#, "/version", "2023-06-01"), (#""version": 20230601"#, "/version", "in quotes"),
            (#""version": "2023-6-1""#, "/version", "2023-06-01"),
            (#""headers": {"Anthropic-Version": "2023-06-01"}"#, "/headers/Anthropic-Version", "can't be set"),
        ]
    )
    func faults(members: String, place: String, sentence: String) async throws {
        let fault = try #require(await fault(members))
        #expect(fault.pointer == "/providers/0\(place)")
        #expect(fault.message.contains(sentence), "\(fault.message)")
    }

    @Test("is the only kind that has them", arguments: [#""betas": "pass""#, #""version": "2023-06-01""#])
    func others(members: String) async throws {
        let fault = try #require(await fault(members, adapter: "openai-chat"))
        #expect(
            fault.message
                == "has no effect: the adapter openai-chat does not speak Anthropic's Messages; take it out"
        )
    }

    @Test("sends its key as x-api-key, so that no second secret can stand there")
    func secretHeaders() async throws {
        let fault = try #require(await fault(#""secretHeaders": {"X-Api-Key": {"env": "OTHER"}}"#))
        #expect(fault.message.contains("sends already"))
        #expect(try await parse(#""secretHeaders": {"Authorization": {"env": "OTHER", "prefix": "Bearer "}}"#) != nil)
        let auth = #""auth": {"header": "Authorization", "prefix": "Bearer "}, "#
        #expect(try await parse(auth + #""secretHeaders": {"x-api-key": {"env": "OTHER"}}"#) != nil)
    }
}
