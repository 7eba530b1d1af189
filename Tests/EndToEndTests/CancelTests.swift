import LoopbackProvider
import SluiceJSON
import Testing

@Suite(.timeLimit(.minutes(2))) struct CancelTests {
    @Test func aQueuedPromptThatIsCancelledIsNeverSent() async throws {
        let provider = try await LoopbackProvider.start()
        let gateway = try await UpstreamTests.gateway(provider)
        let token = try await gateway.token()
        let id = try await gateway.prompt(model: "gpt-4o-mini", token: token, #","delaySeconds":3600"#)
        let cancelled = try await gateway.send("POST", "/v1/prompts/\(id)/cancel", token: token)
        #expect(cancelled.status == 200)
        #expect(try cancelled.json()[key: "status"]?.string == "cancelled")
        // A later prompt is sent, so that the earlier one would have been seen.
        let later = try await gateway.prompt("Later", model: "gpt-4o-mini", token: token)
        _ = try await gateway.end(of: later, token: token)
        #expect(provider.requests.map { $0.text.contains("Later") } == [true])
    }

    @Test func aRunningPromptThatIsCancelledClosesItsCall() async throws {
        let provider = try await LoopbackProvider.start { _, _ in .silence }
        let gateway = try await UpstreamTests.gateway(provider)
        let token = try await gateway.token()
        let id = try await gateway.prompt(model: "gpt-4o-mini", token: token)
        let request = try #require(await provider.requests(atLeast: 1).first)
        let cancelled = try await gateway.send("POST", "/v1/prompts/\(id)/cancel", token: token)
        #expect(cancelled.status == 200)
        // Hangs, and fails by the time limit, where the call goes on.
        await provider.closed(connection: request.connection)
        try Task.checkCancellation()
        let record = try await gateway.record(id, token: token)
        #expect(record[key: "status"]?.string == "cancelled")
        #expect(record[key: "processStatus"]?.string == "ERROR")
        #expect(record[key: "possiblyCharged"]?.boolean == true)
    }

    @Test func anEndedPromptCannotBeCancelled() async throws {
        let gateway = try await Gateway.start(in: Home())
        let token = try await gateway.token()
        let id = try await gateway.prompt(token: token)
        _ = try await gateway.end(of: id, token: token)
        let late = try await gateway.send("POST", "/v1/prompts/\(id)/cancel", token: token)
        #expect(late.status == 409)
        #expect(try await gateway.record(id, token: token)[key: "status"]?.string == "succeeded")
    }
}
