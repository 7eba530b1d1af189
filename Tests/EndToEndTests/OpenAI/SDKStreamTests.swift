import LoopbackProvider
import SluiceJSON
import Testing

@Suite("OpenAI's Python SDK, unmodified, for streams", .timeLimit(.minutes(3)))
struct SDKStreamTests {
    @Test("gets the chunks one by one, and usage only when it asked for it")
    func streams() async throws {
        let stand = try await SDKStand()
        let seen = try await stand.run("streams")
        for check in ["chat", "usage", "noUsage", "completion", "raw"] {
            #expect(seen[check]?[key: "raised"]?.isNull == true, "\(check)")
            #expect(seen[check]?[key: "text"]?.string == SDKProvider.pieces.joined(), "\(check)")
        }
        // The role, four pieces and the finish: neither merged nor split, and none with nothing in it.
        #expect(seen["chat"]?[key: "choices"]?.elements.map(\.integer) == [1, 1, 1, 1, 1, 1])
        #expect(seen["completion"]?[key: "choices"]?.elements.map(\.integer) == [1, 1, 1, 1, 1])
        #expect(seen["usage"]?[key: "choices"]?.elements.map(\.integer) == [1, 1, 1, 1, 1, 1, 0])
        #expect(seen["usage"]?[key: "usages"]?.elements.map(\.integer) == [21])
        for check in ["chat", "noUsage", "completion"] {
            #expect(seen[check]?[key: "usages"]?.elements.isEmpty == true, "\(check)")
            #expect(seen[check]?[key: "choices"]?.elements.allSatisfy { $0.integer == 1 } == true, "\(check)")
        }
        #expect(seen["usage"]?[key: "finishes"]?.strings == ["stop"])
        #expect(seen["raw"]?[key: "contentType"]?.string?.hasPrefix("text/event-stream") == true)
        #expect(seen["leftEarly"]?[key: "after"]?.string == SDKProvider.pieces.joined())

        guard let gateway = stand.gateway else { return }
        // Asked for in any case, so that the account is right.
        let asked = try (stand.requests("gpt-hello") + stand.requests("text-hello"))
            .filter { $0[key: "stream"]?.boolean == true }
            .map { $0[key: "stream_options"]?[key: "include_usage"]?.boolean }
        #expect(asked.count == 6 && asked.allSatisfy { $0 == true })
        let job = try #require(seen["raw"]?[key: "job"]?.string)
        let record = try await gateway.end(of: job, token: stand.token)
        #expect(record[key: "status"]?.string == "succeeded")
        #expect(record[key: "usage"]?[key: "totalTokens"]?.integer == 21)
    }

    @Test("puts tool calls together that come in pieces, one after and one among the other")
    func tools() async throws {
        let seen = try await SDKStand().run("tools")
        for model in ["gpt-tools", "gpt-tools-mixed"] {
            #expect(seen[model]?[key: "raised"]?.isNull == true, "\(model)")
            let calls = seen[model]?[key: "calls"]?.elements ?? []
            #expect(calls.map { $0[key: "id"]?.string } == ["call_1", "call_2"], "\(model)")
            #expect(calls.map { $0[key: "name"]?.string } == ["weather", "time"], "\(model)")
            let arguments = calls.map { $0[key: "arguments"]?.string }
            #expect(arguments == [#"{"city":"Köln"}"#, #"{"city":"Rom"}"#], "\(model)")
        }
        let helped = [["weather", #"{"city":"Köln"}"#], ["time", #"{"city":"Rom"}"#]]
        #expect(seen["byHelper"]?[key: "calls"]?.elements.map(\.strings) == helped)
        #expect(Set(seen["byHelper"]?[key: "done"]?.elements.map(\.strings) ?? []) == Set(helped))
        #expect(seen["byHelper"]?[key: "finish"]?.string == "tool_calls")
    }

    @Test("raises where a stream breaks, and gets what came before")
    func broken() async throws {
        let stand = try await SDKStand()
        let seen = try await stand.run("broken")
        for model in SDKProvider.broken.keys.sorted() {
            // Without a gateway this one ends as if it were whole: the SDK asks for no `[DONE]`.
            let isSilent = stand.gateway == nil && model == "gpt-unfinished"
            #expect(seen[model] != nil, "\(model)")
            #expect(seen[model]?[key: "raised"]?.isNull == isSilent, "\(model)")
            // A reset may overtake what was sent before it.
            let text = seen[model]?[key: "text"]?.string
            #expect(text == "Hel" || model == "gpt-reset" && text == "", "\(model)")
            #expect(try stand.requests(model).count == 1, "\(model)")
        }
        guard stand.gateway != nil else { return }
        // In the stream itself, not by a connection that breaks.
        for model in SDKProvider.broken.keys.sorted() where model != "gpt-reset" {
            #expect(seen[model]?[key: "raised"]?.string == "APIError", "\(model)")
        }
    }
}
