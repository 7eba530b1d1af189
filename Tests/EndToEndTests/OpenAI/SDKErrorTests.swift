import LoopbackProvider
import SluiceJSON
import Testing

@Suite("OpenAI's Python SDK, unmodified, when something is wrong", .timeLimit(.minutes(3)))
struct SDKErrorTests {
    /// What is raised through a gateway; where a provider alone is asked, the status is the provider's.
    private struct Expected {
        var check: String
        var raised: String
        var status: Int64
        var code: String?
        var param: String?
        var alone: Int64?
    }

    private static let expected = [
        Expected(check: "badToken", raised: "AuthenticationError", status: 401, code: "invalid_api_key"),
        Expected(
            check: "unknownModel",
            raised: "NotFoundError",
            status: 404,
            code: "model_not_found",
            param: "model"
        ),
        Expected(
            check: "400",
            raised: "BadRequestError",
            status: 400,
            code: "unsupported_value",
            param: "temperature"
        ),
        Expected(
            check: "stream400",
            raised: "BadRequestError",
            status: 400,
            code: "unsupported_value",
            param: "temperature"
        ),
        Expected(
            check: "context",
            raised: "BadRequestError",
            status: 400,
            code: "context_length_exceeded",
            param: "messages"
        ),
        // 401 is about the caller's token, and that one is good.
        Expected(
            check: "401",
            raised: "InternalServerError",
            status: 502,
            code: "upstream_authentication",
            alone: 401
        ),
        Expected(check: "404", raised: "NotFoundError", status: 404, code: "model_not_found", param: "model"),
        Expected(check: "429", raised: "RateLimitError", status: 429, code: "rate_limit_exceeded"),
        Expected(check: "quota", raised: "RateLimitError", status: 429, code: "insufficient_quota"),
        Expected(check: "500", raised: "InternalServerError", status: 500),
        Expected(check: "503", raised: "InternalServerError", status: 503),
    ]

    @Test(
        "raises the class, the status, the code and the parameter that OpenAI's own service would make it raise",
        arguments: ["chats", "responses"]
    )
    func errors(api: String) async throws {
        let stand = api == "chats" ? try await SDKStand() : try await SDKStand.responses()
        let seen = try await stand.run("errors", api)
        for expected in Self.expected {
            let fault = try #require(seen[expected.check], "\(expected.check)")
            let status = stand.gateway == nil ? expected.alone ?? expected.status : expected.status
            #expect(fault[key: "status"]?.integer == status, "\(expected.check)")
            if status == expected.status {
                #expect(fault[key: "raised"]?.string == expected.raised, "\(expected.check)")
                if let code = expected.code { #expect(fault[key: "code"]?.string == code, "\(expected.check)") }
                #expect(fault[key: "param"]?.string == expected.param, "\(expected.check)")
            }
            #expect(fault[key: "message"]?.string?.isEmpty == false, "\(expected.check)")
        }
        #expect(seen["400"]?[key: "message"]?.string?.contains("Unsupported value: 'temperature'.") == true)
        let wait = seen["429"]?[key: "retryAfter"]?.string.flatMap { Int($0) } ?? 0
        #expect((1...7).contains(wait))
        // The SDK keeps to `Retry-After`, and has its answer then.
        #expect(seen["onceBusy"]?[key: "text"]?.string == SDKProvider.pieces.joined())
        #expect(try stand.requests("gpt-once-busy").count == 2)
        #expect(try stand.requests("nobody-has-this").count == (stand.gateway == nil ? 1 : 0))
        // A retry can't bring the money: the SDK is told so, and would try it twice more otherwise.
        #expect(try stand.requests("gpt-quota").count == (stand.gateway == nil ? 3 : 1))
        guard stand.gateway != nil else { return }
        #expect(seen["quota"]?[key: "shouldRetry"]?.string == "false")
        for check in seen.keys where seen[check]?[key: "message"]?.string?.contains(UpstreamTests.key) == true {
            Issue.record("\(check) tells the provider's key")
        }
    }
}
