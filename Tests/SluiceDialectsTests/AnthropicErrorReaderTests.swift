import SluiceDialects
import SluiceProvider
import SluiceTypes
import Testing

@Suite("Errors in Anthropic's format")
struct AnthropicErrorReaderTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var status: Int
        var type: String
        var message: String
        var expected: ErrorClass

        init(_ status: Int, _ type: String, _ message: String, _ expected: ErrorClass) {
            self.status = status
            self.type = type
            self.message = message
            self.expected = expected
        }

        var body: String { #"{"type":"error","error":{"type":"\#(type)","message":"\#(message)"}}"# }
        var testDescription: String { "\(status) \(type) \(message)" }
    }

    @Test(
        "are classed by words of the account, then type, then status",
        arguments: [
            Case(400, "invalid_request_error", "messages: Field required", .invalidRequest),
            Case(400, "invalid_request_error", "prompt is too long: 9 tokens > 8 maximum", .tokenLimit),
            Case(413, "invalid_request_error", "Prompt is too long", .tokenLimit),
            Case(413, "request_too_large", "Request exceeds the maximum size", .invalidRequest),
            Case(400, "invalid_request_error", "Your credit balance is too low to go on", .quota),
            Case(403, "permission_error", "your credit balance is too low", .quota),
            Case(400, "invalid_request_error", "The text 'your credit balance is too low' is bad", .invalidRequest),
            Case(400, "invalid_request_error", "Output blocked by content filtering policy", .contentFilter),
            Case(400, "api_error", "Your input was flagged", .contentFilter),
            Case(403, "permission_error", "This violates our content policy", .contentFilter),
            Case(401, "authentication_error", "invalid x-api-key", .authentication),
            Case(401, "invalid_request_error", "no", .authentication),
            Case(402, "billing_error", "no", .quota),
            Case(402, "other", "no", .permission),
            Case(403, "permission_error", "no", .permission),
            Case(404, "not_found_error", "model: m", .invalidModel),
            Case(404, "invalid_request_error", "no", .invalidModel),
            Case(408, "other", "no", .timeout),
            Case(409, "conflict_error", "no", .server),
            Case(429, "rate_limit_error", "no", .rateLimit),
            Case(429, "rate_limit_error", "Limit 6000, Requested 6294", .invalidRequest),
            Case(429, "rate_limit_error", "Limit 6000, Used 5000, Requested 1294", .rateLimit),
            Case(429, "invalid_request_error", "no", .rateLimit),
            Case(500, "api_error", "no", .server),
            Case(500, "overloaded_error", "no", .overloaded),
            Case(503, "api_error", "no", .overloaded),
            Case(504, "timeout_error", "no", .timeout),
            Case(529, "api_error", "no", .overloaded),
            Case(529, "overloaded_error", "Overloaded", .overloaded),
        ]
    )
    func classes(given: Case) {
        let error = AnthropicErrorReader.classify(status: given.status, body: Array(given.body.utf8))
        #expect(error.errorClass == given.expected)
        #expect(error.message == given.message && error.type == given.type)
        #expect(error.status == given.status && error.body == Array(given.body.utf8))
    }

    @Test("keep 64 KiB of their body, and no page as a sentence")
    func body() {
        let page = Array("<html>".utf8) + [UInt8](repeating: UInt8(ascii: "a"), count: 100_000)
        let error = AnthropicErrorReader.classify(status: 502, body: page)
        #expect(error.body.count == 64 << 10 && error.errorClass == .server)
        #expect(error.message == "The provider answered with status 502 and no explanation.")
    }
}
