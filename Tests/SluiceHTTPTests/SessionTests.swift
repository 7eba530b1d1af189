import HTTPTypes
import SluiceDialects
import SluiceEngine
import SluiceProvider
import SluiceRig
import SluiceTesting
import SluiceTypes
import Testing

@Suite("A conversation with a name", .timeLimit(.minutes(1)))
struct SessionTests {
    private static func row(_ key: String) -> ProviderRow {
        let manifest = Manifest(
            id: "anthropic-messages",
            operations: [.chat: "/messages"],
            formats: [.anthropicMessages]
        )
        return Rig.row(
            "a",
            adapter: AnthropicAdapter(manifest),
            formats: [.anthropicMessages],
            credentials: [Credential(slot: "env:KEY", secret: Secret(key))]
        )
    }

    @Test("takes nothing to a new account that the one before has signed, though there was nobody to choose from")
    func newAccount() async throws {
        let body =
            #"{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"hello"},{"role":"assistant","content":["#
            + #"{"type":"thinking","thinking":"","signature":"s"},{"type":"text","text":"hi"}]},"#
            + #"{"role":"user","content":"go on"}]}"#
        let fields: HTTPFields = .one("x-claude-code-session-id", "one")
        let gateway = Gateway.held(rows: [Self.row("the-first-key")]) { _ in
            .answer(#"{"id":"m","type":"message","content":[{"type":"text","text":"hi"}],"stop_reason":"end_turn"}"#)
        }
        try await gateway.with { gateway, client in
            for key in ["the-second-key", "the-third-key"] {
                let answer = try await client.send(.post, "/v1/messages", body, fields)
                #expect(answer.status == 200)
                gateway.engine.reload(Catalogue(rows: [Self.row(key)]))
            }
            let sent = gateway.transport.calls.map { String(decoding: $0.body, as: UTF8.self) }
            #expect(sent.map { $0.contains("signature") } == [true, false])
        }
    }
}
