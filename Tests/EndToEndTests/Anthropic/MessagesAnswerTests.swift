import LoopbackProvider
import SluiceJSON
import Testing

@Suite("Anthropic's Python SDK, unmodified, for whole answers", .timeLimit(.minutes(3)))
struct MessagesAnswerTests {
    @Test("gets messages, and every byte of what nobody knows, both ways")
    func answers() async throws {
        let stand = try await SDKStand.messages()
        let seen = try await stand.run("messages")
        let message = try #require(seen["message"])
        #expect(message[key: "text"]?.string == MessagesProvider.pieces.joined())
        #expect(message[key: "finish"]?.string == "end_turn")
        #expect(message[key: "input"]?.integer == 9)
        #expect(message[key: "output"]?.integer == 12)
        #expect(message[key: "model"]?.string == "claude-hello-2026")
        #expect(message[key: "requestID"]?.string == "req_loopback")

        let raw = try #require(seen["raw"])
        #expect(raw[key: "status"]?.integer == 200)
        #expect(raw[key: "contentType"]?.string == "application/json")
        #expect(raw[key: "body"]?.string == MessagesProvider.odd)
        #expect(raw[key: "unknown"]?[key: "deep"]?.elements.count == 5)
        let sent = try #require(raw[key: "sent"]?.string)
        #expect(sent.contains("nobody_has_invented_this"))
        let received = try #require(
            stand.provider.requests.first { $0.text == sent },
            "the body was changed on its way"
        )
        #expect(received["anthropic-version"] == "2099-01-01")
        #expect(received["anthropic-beta"] == "one-1,two-2")
        #expect(received["anthropic-nobody-knows"] == "this")

        let tools = try #require(seen["tools"])
        #expect(tools[key: "types"]?.strings == ["thinking", "text", "tool_use"])
        #expect(tools[key: "signature"]?.string == "c2lnbmF0dXJl+/==")
        #expect(tools[key: "name"]?.string == "weather")
        #expect(tools[key: "input"]?[key: "city"]?.string == "Köln")
        #expect(tools[key: "finish"]?.string == "tool_use")
        for check in ["beta", "bearer"] {
            #expect(seen[check]?[key: "text"]?.string == MessagesProvider.pieces.joined(), "\(check)")
        }
        let beta = try #require(
            stand.provider.requests.first { $0["anthropic-beta"]?.contains("nobody-knows-1") == true }
        )
        #expect(beta["anthropic-beta"] == "context-management-2025-06-27,nobody-knows-1")
        // The version that this SDK speaks.
        #expect(beta["anthropic-version"] == "2026-10-21")

        guard let gateway = stand.gateway else { return }
        // The account's keys and names are nobody else's affair.
        for request in stand.provider.requests {
            #expect(request["x-api-key"] == UpstreamTests.key)
            #expect(!String(decoding: request.raw, as: UTF8.self).contains(stand.token))
        }
        let fields = try #require(raw[key: "headers"])
        #expect(fields[key: "anthropic-nobody-knows"]?.string == "back")
        #expect(fields[key: "anthropic-organization-id"] == nil)
        #expect(fields[key: "anthropic-workspace-id"] == nil)
        #expect(raw[key: "requestID"]?.string == "req_loopback")
        let record = try await gateway.record(try #require(raw[key: "job"]?.string), token: stand.token)
        #expect(record[key: "status"]?.string == "succeeded")
        #expect(record[key: "surface"]?.string == "anthropic")
        #expect(record[key: "attempts"]?.integer == 1)
        // What was read from a cache and written to it is input, too.
        #expect(record[key: "usage"]?[key: "totalTokens"]?.integer == 28)
        #expect(record[key: "request"].map { String(decoding: $0.bytes, as: UTF8.self) } == sent)
    }

    @Test("counts tokens without a job, and gets the models that there are, page by page")
    func countsAndModels() async throws {
        let stand = try await SDKStand.messages()
        let seen = try await stand.run("messages")
        #expect(seen["count"]?[key: "tokens"]?.integer == 14)
        #expect(seen["countUnknown"]?[key: "raised"]?.string == "NotFoundError")
        #expect(seen["countUnknown"]?[key: "type"]?.string == "not_found_error")

        let listed = seen["allModels"]?[key: "ids"]?.strings ?? []
        #expect(Set(MessagesProvider.listed).isSubset(of: listed), "\(listed)")
        #expect(Set(listed).count == listed.count && !listed.contains { $0.contains("*") })
        let page = try #require(seen["models"])
        #expect(page[key: "ids"]?.strings == Array(listed.prefix(2)))
        #expect(page[key: "more"]?.boolean == (listed.count > 2))
        #expect(page[key: "first"]?.string == listed.first)
        #expect(page[key: "last"]?.string == listed.dropFirst().first)
        #expect(seen["model"]?[key: "id"]?.string == "claude-hello")
        #expect(seen["model"]?[key: "type"]?.string == "model")
        #expect(seen["noModel"]?[key: "raised"]?.string == "NotFoundError")

        guard let gateway = stand.gateway else { return }
        let list = try await gateway.send("GET", "/v1/prompts", token: stand.token).json()
        #expect(list[key: "prompts"]?.elements.count == 5, "a count is no job")
    }
}
