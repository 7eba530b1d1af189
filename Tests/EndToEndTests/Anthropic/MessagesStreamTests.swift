import LoopbackProvider
import SluiceJSON
import Testing

@Suite("Anthropic's Python SDK, unmodified, for streams", .timeLimit(.minutes(3)))
struct MessagesStreamTests {
    private static let names =
        ["message_start", "content_block_start"] + MessagesProvider.pieces.map { _ in "content_block_delta" }
        + ["content_block_stop", "message_delta", "message_stop"]

    @Test("gets the events one by one, by iteration and by its helper")
    func streams() async throws {
        let stand = try await SDKStand.messages()
        let seen = try await stand.run("messages_streams")
        let greeting = MessagesProvider.pieces.joined()
        for check in ["plain", "beta", "raw", "helper-claude-hello", "helper-claude-tools"] {
            #expect(seen[check]?[key: "raised"]?.isNull == true, "\(check)")
        }
        for check in ["plain", "beta"] {
            #expect(seen[check]?[key: "text"]?.string == greeting, "\(check)")
            #expect(seen[check]?[key: "names"]?.strings == Self.names, "\(check)")
        }
        #expect(seen["texts"]?[key: "pieces"]?.strings == MessagesProvider.pieces)
        #expect(seen["raw"]?[key: "text"]?.string == greeting)
        #expect(seen["raw"]?[key: "contentType"]?.string?.hasPrefix("text/event-stream") == true)
        #expect(seen["leftEarly"]?[key: "after"]?.string == greeting)
        #expect(seen["together"]?[key: "answered"]?.strings == seen["together"]?[key: "asked"]?.strings)
        #expect(seen["helper-claude-hello"]?[key: "requestID"]?.string == "req_loopback")

        let message = try #require(seen["helper-claude-tools"]?[key: "message"])
        let content = message[key: "content"]?.elements ?? []
        #expect(content.map { $0[key: "type"]?.string } == ["thinking", "text", "tool_use"])
        #expect(content.first?[key: "thinking"]?.string == "I ask the weather.")
        #expect(content.first?[key: "signature"]?.string == "c2lnbmF0dXJl+/==")
        #expect(content.last?[key: "input"]?[key: "city"]?.string == "Köln")
        #expect(message[key: "stop_reason"]?.string == "tool_use")
        #expect(message[key: "usage"]?[key: "output_tokens"]?.integer == 12)

        guard let gateway = stand.gateway else { return }
        let job = try #require(seen["raw"]?[key: "job"]?.string)
        let record = try await gateway.end(of: job, token: stand.token)
        #expect(record[key: "status"]?.string == "succeeded")
        #expect(record[key: "usage"]?[key: "totalTokens"]?.integer == 21)
    }

    @Test("raises where a stream breaks, and gets what came before")
    func broken() async throws {
        let stand = try await SDKStand.messages()
        let models = MessagesProvider.broken.keys.sorted()
        let seen = try await stand.run("messages_broken", models.joined(separator: ","))
        for model in models {
            // Without a gateway this one ends as if it were whole: the SDK asks for no `message_stop`.
            let isSilent = stand.gateway == nil && model == "claude-unfinished"
            #expect(seen[model] != nil, "\(model)")
            #expect(seen[model]?[key: "raised"]?.isNull == isSilent, "\(model)")
            // A reset may overtake what was sent before it.
            let text = seen[model]?[key: "text"]?.string
            #expect(text == "Hel" || model == "claude-reset" && text == "", "\(model)")
            #expect(try stand.requests(model).count == 1, "\(model)")
            #expect(seen[model]?[key: "names"]?.strings.contains("message_delta") == false, "\(model)")
        }
        guard stand.gateway != nil else { return }
        // In the stream itself, not by a connection that breaks.
        for model in models where model != "claude-reset" {
            #expect(seen[model]?[key: "status"]?.integer == 200, "\(model)")
            #expect(seen[model]?[key: "type"]?.string?.hasSuffix("_error") == true, "\(model)")
        }
    }
}
