import LoopbackProvider
import SluiceJSON
import Testing

@Suite("Anthropic's Python SDK, unmodified, when something is wrong", .timeLimit(.minutes(3)))
struct MessagesErrorTests {
    /// What is raised; `alone` is the status where the provider is asked without a gateway, if it is another.
    private struct Expected {
        var check: String
        var raised: String
        var status: Int64
        var type: String
        var message: String?
        var alone: Int64?
    }

    private static let expected = [
        Expected(check: "badToken", raised: "AuthenticationError", status: 401, type: "authentication_error"),
        Expected(check: "unknownModel", raised: "NotFoundError", status: 404, type: "not_found_error"),
        Expected(
            check: "claude-400",
            raised: "BadRequestError",
            status: 400,
            type: "invalid_request_error",
            message: "temperature: range: 0..1"
        ),
        Expected(
            check: "stream400",
            raised: "BadRequestError",
            status: 400,
            type: "invalid_request_error",
            message: "temperature: range: 0..1"
        ),
        Expected(
            check: "noMaxTokens",
            raised: "BadRequestError",
            status: 400,
            type: "invalid_request_error",
            message: "max_tokens: Field required"
        ),
        // By these words Claude Code knows what to do about it.
        Expected(
            check: "claude-long",
            raised: "BadRequestError",
            status: 400,
            type: "invalid_request_error",
            message: "prompt is too long: 210000 tokens > 200000 maximum"
        ),
        Expected(check: "claude-details", raised: "BadRequestError", status: 400, type: "invalid_request_error"),
        // 401 is about the caller's token, and that one is good; so is 403.
        Expected(check: "claude-401", raised: "InternalServerError", status: 502, type: "api_error", alone: 401),
        Expected(check: "claude-402", raised: "PaymentRequiredError", status: 402, type: "billing_error"),
        Expected(
            check: "claude-403",
            raised: "BadRequestError",
            status: 400,
            type: "permission_error",
            alone: 403
        ),
        Expected(check: "claude-404", raised: "NotFoundError", status: 404, type: "not_found_error"),
        Expected(check: "claude-413", raised: "ContentTooLargeError", status: 413, type: "request_too_large"),
        Expected(check: "claude-429", raised: "RateLimitError", status: 429, type: "rate_limit_error"),
        Expected(check: "claude-500", raised: "InternalServerError", status: 500, type: "api_error"),
        Expected(
            check: "claude-529",
            raised: "OverloadedError",
            status: 529,
            type: "overloaded_error",
            message: "Sorry, nobody has time for this"
        ),
    ]

    @Test("raises the class, the status, the type and the words that Anthropic's own service would make it raise")
    func errors() async throws {
        let stand = try await SDKStand.messages()
        let models = MessagesProvider.errors.keys.filter { $0 != "claude-once-busy" }.sorted()
        let seen = try await stand.run("messages_errors", models.joined(separator: ","))
        for expected in Self.expected {
            let fault = try #require(seen[expected.check], "\(expected.check)")
            let status = stand.gateway == nil ? expected.alone ?? expected.status : expected.status
            #expect(fault[key: "status"]?.integer == status, "\(expected.check)")
            if status == expected.status {
                #expect(fault[key: "raised"]?.string == expected.raised, "\(expected.check)")
                #expect(fault[key: "type"]?.string == expected.type, "\(expected.check)")
            }
            let message = fault[key: "message"]?.string ?? ""
            #expect(!message.isEmpty, "\(expected.check)")
            if let words = expected.message { #expect(message.contains(words), "\(expected.check): \(message)") }
            #expect(fault[key: "requestID"]?.string?.isEmpty == false, "\(expected.check)")
        }
        #expect(seen["claude-details"]?[key: "code"]?.string == "nobody_knows")
        let wait = seen["claude-429"]?[key: "retryAfter"]?.string.flatMap { Int($0) } ?? 0
        #expect((1...7).contains(wait))
        // The SDK keeps to `Retry-After`, and has its answer then.
        #expect(seen["onceBusy"]?[key: "text"]?.string == MessagesProvider.pieces.joined())
        #expect(try stand.requests("claude-once-busy").count == 2)
        #expect(try stand.requests("nobody-has-this").count == (stand.gateway == nil ? 1 : 0))
        guard stand.gateway != nil else { return }
        for check in seen.keys
        where SDKStand.keys.contains(where: { seen[check]?[key: "message"]?.string?.contains($0) == true }) {
            Issue.record("\(check) tells the provider's key")
        }
    }

    /// The SDK gives up after a second and asks again, twice; the provider takes three.
    @Test("gets its own answer, of one call that is paid for once, when it loses patience", arguments: [1, 8])
    func retries(callers: Int) async throws {
        let stand = try await SDKStand.messages()
        let seen = try await stand.run("messages_retries", "\(callers)")
        #expect(seen.count == callers)
        guard stand.gateway != nil else {
            // What happens without a gateway: everything is paid for three times, and nobody has an answer.
            #expect(seen.values.allSatisfy { $0[key: "raised"]?.string == "APITimeoutError" })
            #expect(try stand.requests("claude-slow").count == 3 * callers)
            return
        }
        let answers = seen.values.compactMap { $0[key: "text"]?.string }
        #expect(answers.count == callers, "\(seen.values.map { $0[key: "raised"]?.string })")
        // However alike the callers are: to each its own.
        #expect(Set(answers).count == callers)
        #expect(try stand.requests("claude-slow").count == callers)
    }
}
