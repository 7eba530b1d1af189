import LoopbackProvider
import SluiceJSON
import Testing

@Suite("Requests as Codex sends them", .timeLimit(.minutes(2)))
struct CodexTests {
    @Test(
        "go up to the byte, with the fields that are Codex's own",
        arguments: ["codex-question", "codex-repeat", "codex-tool", "codex-compaction"]
    )
    func bytes(name: String) async throws {
        let stand = try await SDKStand.responses()
        let call = try RecordedCall(name, model: "gpt-hello")
        let answer = try await stand.answer(to: call)
        #expect(answer.status == 200, "\(answer.text)")
        #expect(answer.text.contains("event: response.completed\n"), "\(answer.text)")
        let request = try #require(stand.provider.requests.first)
        #expect(stand.provider.requests.count == 1)
        #expect(request.text == call.body)
        #expect(request.path == "/v1/responses")
        for name in ["x-codex-turn-metadata", "x-codex-window-id", "x-codex-beta-features"] {
            #expect(call[name] != nil && request[name] == call[name], "\(name)")
        }
        guard stand.gateway != nil else { return }
        #expect(request["Authorization"] == "Bearer \(UpstreamTests.key)")
        #expect(!String(decoding: request.raw, as: UTF8.self).contains(stand.token))
    }
}
