import LoopbackProvider
import SluiceJSON
import Testing

@Suite("OpenAI's Python SDK, unmodified, when it loses patience", .timeLimit(.minutes(3)))
struct SDKRetryTests {
    /// The SDK gives up after a second and asks again, twice; the provider takes three.
    @Test("gets the right answer, of one call that is paid for once", arguments: ["chats", "responses"])
    func oneCaller(api: String) async throws { try await retry(callers: 1, api) }

    @Test("gets its own answer among eight alike, of one call each", arguments: ["chats", "responses"])
    func eightCallers(api: String) async throws { try await retry(callers: 8, api) }

    private func retry(callers: Int, _ api: String) async throws {
        let stand = api == "chats" ? try await SDKStand() : try await SDKStand.responses()
        let seen = try await stand.run("retries", "\(callers)", api)
        #expect(seen.count == callers)
        guard let gateway = stand.gateway else {
            // What happens without a gateway: everything is paid for three times, and nobody has an answer.
            #expect(seen.values.allSatisfy { $0[key: "raised"]?.string == "APITimeoutError" })
            #expect(try stand.requests("gpt-slow").count == 3 * callers)
            return
        }
        let answers = seen.values.compactMap { $0[key: "text"]?.string }
        #expect(answers.count == callers, "\(seen.values.map { $0[key: "raised"]?.string })")
        // However alike the callers are: to each its own.
        #expect(Set(answers).count == callers)
        #expect(try stand.requests("gpt-slow").count == callers)
        let list = try await gateway.send("GET", "/v1/prompts", token: stand.token).json()
        let jobs = list[key: "prompts"]?.elements ?? []
        #expect(jobs.count == callers)
        #expect(jobs.allSatisfy { $0[key: "status"]?.string == "succeeded" && $0[key: "attempts"]?.integer == 1 })
    }
}
