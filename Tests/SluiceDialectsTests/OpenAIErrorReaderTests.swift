import SluiceDialects
import SluiceProvider
import SluiceTypes
import Testing

@Suite("Errors in OpenAI's format")
struct OpenAIErrorReaderTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var status: Int
        var body: String
        var expected: ErrorClass

        init(_ status: Int, _ body: String, _ expected: ErrorClass) {
            self.status = status
            self.body = body
            self.expected = expected
        }

        var testDescription: String { "\(status) \(body)" }
    }

    @Test(
        "are classed by code, then type, then status",
        arguments: [
            Case(400, #"{"error":{"code":"context_length_exceeded"}}"#, .tokenLimit),
            Case(400, #"{"error":{"code":"string_above_max_length"}}"#, .tokenLimit),
            Case(400, #"{"error":{"message":"Please reduce the length of the messages."}}"#, .tokenLimit),
            Case(413, #"{"error":{"message":"prompt is too long: 9 tokens > 8 maximum"}}"#, .tokenLimit),
            Case(400, #"{"message":"Input is too long for this model","code":3}"#, .tokenLimit),
            Case(400, #"{"error":{"code":"model_not_found"}}"#, .invalidModel),
            Case(400, #"{"error":{"code":"DeploymentNotFound"}}"#, .invalidModel),
            Case(404, #"{"error":{"message":"The model `m` does not exist"}}"#, .invalidModel),
            Case(404, #"{"error":"model 'm' not found"}"#, .invalidModel),
            Case(404, #"{"object":"error","message":"The model `m` does not exist.","code":404}"#, .invalidModel),
            Case(404, #"[{"error":{"code":404,"status":"NOT_FOUND"}}]"#, .invalidModel),
            Case(404, #"{"code":"model_not_found"}"#, .invalidModel),
            Case(404, #"{"error":{"message":"Item with id 'rs_1' not found."}}"#, .invalidRequest),
            Case(404, #"{"error":{"message":"Response with id 'resp_1' not found.","code":404}}"#, .invalidRequest),
            Case(404, #"{"error":{"message":"Not found.","param":"previous_response_id"}}"#, .invalidRequest),
            Case(404, #"{"error":{"message":"Not found.","param":"model"}}"#, .invalidModel),
            Case(400, #"{"error":{"code":"invalid_prompt","message":"Flagged."}}"#, .invalidRequest),
            Case(400, #"{"error":{"code":"invalid_prompt","message":"prompt is too long"}}"#, .tokenLimit),
            Case(503, #"{"error":{"type":"server_error","code":"slow_down"}}"#, .overloaded),
            Case(404, "{}", .misconfigured),
            Case(404, "", .misconfigured),
            Case(404, #"{"detail":"Not Found"}"#, .misconfigured),
            Case(404, #"{"error":null}"#, .misconfigured),
            Case(404, "404 page not found", .misconfigured),
            Case(404, "<!DOCTYPE html><html></html>", .misconfigured),
            Case(405, #"{"error":{"message":"Not allowed"}}"#, .invalidRequest),
            Case(405, "<html></html>", .misconfigured),
            Case(429, #"{"error":{"type":"insufficient_quota","code":null}}"#, .quota),
            Case(429, #"{"error":{"code":"billing_hard_limit_reached"}}"#, .quota),
            Case(429, #"{"error":{"type":"tokens","code":"rate_limit_exceeded"}}"#, .rateLimit),
            Case(429, "", .rateLimit),
            Case(402, "", .permission),
            Case(402, "<html>Insufficient balance</html>", .permission),
            Case(402, #"{"error":{"message":"This request requires more credits","code":402}}"#, .permission),
            Case(402, #"{"error":{"message":"INSUFFICIENT BALANCE."}}"#, .quota),
            Case(402, #"{"error":{"message":"You wrote: insufficient balance"}}"#, .permission),
            Case(402, #"{"error":{"code":"Insufficient_Quota"}}"#, .quota),
            Case(403, #"{"error":{"code":"billing_not_active"}}"#, .quota),
            Case(403, #"{"error":{"code":"account_deactivated"}}"#, .authentication),
            Case(403, #"{"error":{"message":"Your API Key has expired."}}"#, .authentication),
            Case(403, #"{"error":{"message":"The model `invalid api key` is not yours"}}"#, .permission),
            Case(403, #"{"error":{"message":"Your api key may not use m"}}"#, .permission),
            Case(403, #"{"error":{"message":"Missing scope model.request"}}"#, .permission),
            Case(403, #"{"error":{"message":"Input was Flagged"}}"#, .contentFilter),
            Case(403, #"{"error":{"message":"no","type":"moderation_error"}}"#, .contentFilter),
            Case(402, #"{"error":{"message":"Flagged"}}"#, .permission),
            Case(413, #"{"error":{"code":"rate_limit_exceeded","message":"Request too large"}}"#, .invalidRequest),
            Case(
                429,
                #"{"error":{"code":"rate_limit_exceeded","message":"REQUEST TOO LARGE for m"}}"#,
                .invalidRequest
            ),
            Case(429, #"{"error":{"message":"Limit 1,000, requested: 1,001"}}"#, .invalidRequest),
            Case(429, #"{"error":{"message":"Limit 1000, requested 1000"}}"#, .rateLimit),
            Case(429, #"{"error":{"message":"Limit 30000, Used 29000, Requested 2000"}}"#, .rateLimit),
            Case(429, #"{"error":{"message":"Limit 9, Requested 99999999999999999999"}}"#, .rateLimit),
            Case(429, #"{"error":{"message":"Limit -9, Requested 5"}}"#, .rateLimit),
            Case(429, #"{"error":{"message":"Limit 30k, Requested 2000"}}"#, .rateLimit),
            Case(429, #"{"error":{"message":"Limit 1K, Requested 2000."}}"#, .invalidRequest),
            Case(429, #"{"error":{"message":"Limit 3.5, Requested 4"}}"#, .rateLimit),
            Case(429, #"{"error":{"message":"Limit 9x, Requested 20"}}"#, .rateLimit),
            Case(429, #"{"error":{"message":"Limit 9223372036854775807m, Requested 20"}}"#, .rateLimit),
            Case(429, #"{"error":{"message":"Limit ,, Requested 5"}}"#, .rateLimit),
            Case(401, #"{"error":{"type":"invalid_request_error","code":"invalid_api_key"}}"#, .authentication),
            Case(400, #"{"error":{"code":"invalid_api_key"}}"#, .authentication),
            Case(403, "<html>", .permission),
            Case(400, #"{"error":{"code":"content_filter"}}"#, .contentFilter),
            Case(400, #"{"error":{"code":"content_policy_violation"}}"#, .contentFilter),
            Case(400, #"{"error":{"code":"other"}}"#, .invalidRequest),
            Case(422, "", .invalidRequest),
            Case(413, "", .invalidRequest),
            Case(408, "", .timeout),
            Case(500, "", .server),
            Case(504, "", .timeout),
            Case(524, "", .timeout),
            Case(500, #"{"type":"error","error":{"type":"overloaded_error"}}"#, .overloaded),
            Case(503, "", .overloaded),
            Case(529, "", .overloaded),
            Case(302, #"{"error":{"code":"invalid_api_key"}}"#, .misconfigured),
            Case(405, "", .misconfigured),
            Case(409, "", .server),
            Case(415, "", .invalidRequest),
            Case(418, "", .invalidRequest),
            Case(425, "", .server),
            Case(431, #"{"message":"prompt is too long"}"#, .tokenLimit),
            Case(600, "", .unknown),
            Case(429, #"[{"error":{"type":"insufficient_quota"}}]"#, .quota),
            Case(400, #"[{"error":{"code":400,"details":[{"reason":"API_KEY_INVALID"}]}}]"#, .authentication),
            Case(400, #"{"error":{"details":[{"@type":"x"},{"reason":"OTHER"}]}}"#, .invalidRequest),
        ]
    )
    func classes(_ example: Case) {
        let error = OpenAIErrorReader.classify(status: example.status, body: Array(example.body.utf8))
        #expect(error.errorClass == example.expected)
        #expect(!error.message.isEmpty)
    }

    @Test("quote a provider's sentence, code, parameter and type")
    func parts() {
        let body = #"{"error":{"message":"No.","type":"t","param":"seed","code":400}}"#
        let error = OpenAIErrorReader.classify(status: 400, body: Array(body.utf8))
        var expected = ProviderError(.invalidRequest, "No.", code: "400", parameter: "seed", type: "t")
        (expected.status, expected.body, expected.envelope) = (400, Array(body.utf8), .openAI)
        #expect(error == expected)
        let bodies = [
            #"{"error":"No."}"#, #"{"message":"No."}"#, #"{"detail":"No."}"#, #"[{"error":{"message":"No."}}]"#,
        ]
        for body in bodies {
            #expect(OpenAIErrorReader.classify(status: 400, body: Array(body.utf8)).message == "No.")
        }
    }

    @Test(
        "give their reason in every shape",
        arguments: [
            (
                #"{"detail":[{"loc":["body","stream_options"],"msg":"Extra inputs are not permitted","type":"x"}]}"#,
                "Extra inputs are not permitted (body.stream_options)"
            ),
            (
                #"{"detail":[{"loc":["body","messages",0,"content"],"msg":"Field required"}]}"#,
                "Field required (body.messages.0.content)"
            ),
            (#"{"detail":[{"msg":"No."}]}"#, "No."),
            (#"{"detail":["No."]}"#, "No."),
            (#"{"detail":{"message":"No."}}"#, "No."),
            (#"{"errors":[{"message":"No."}]}"#, "No."),
            (#"{"errors":["No."]}"#, "No."),
            (#"{"error":{"errors":[{"message":"No."}]}}"#, "No."),
            (#"{"error":{"message":{"detail":"No."}}}"#, "No."),
            (#"{"error":{"error":{"message":"No."}}}"#, "No."),
            (#"{"error":["No."]}"#, "No."),
            (#"{"error":null,"message":"No."}"#, "No."),
            (#"{"message":"","detail":"No."}"#, "No."),
            (#"{"error":{"code":3,"msg":"No."}}"#, "No."),
            (#"{"error":{"type":"x","error_description":"No."}}"#, "No."),
            (#"{"type":"about:blank","title":"Bad Request","detail":"No.","status":400}"#, "No."),
            (#"{"type":"about:blank","title":"Bad Request","status":400}"#, "Bad Request"),
            (#"{"Message":"No."}"#, "No."),
            (
                #"{"error":{"message":"Provider returned error","code":400,"metadata":{"raw":"{\"error\":{\"message\":\"No.\"}}"}}}"#,
                "No."
            ),
            (#"{"error":{"message":"Provider returned error","metadata":{"raw":"No."}}}"#, "No."),
            (#"{"error":{"message":"Provider returned error"}}"#, "Provider returned error"),
            (#""No.""#, "No."),
            ("No.", "No."),
            ("  upstream connect error\nor disconnect \n", "upstream connect error or disconnect"),
        ]
    )
    func reasons(body: String, expected: String) {
        #expect(OpenAIErrorReader.classify(status: 400, body: Array(body.utf8)).message == expected)
    }

    @Test("name the member that a list of faults is about")
    func place() {
        let body = #"{"detail":[{"loc":["body","stream_options"],"msg":"Extra inputs are not permitted"}]}"#
        #expect(OpenAIErrorReader.classify(status: 422, body: Array(body.utf8)).parameter == "stream_options")
    }

    @Test(
        "say how long Google asks to wait",
        arguments: [
            ("1.5s", Duration.milliseconds(1500)), ("34s", .seconds(34)), ("-1s", nil), ("5", nil), ("soon", nil),
        ]
            as [(String, Duration?)]
    )
    func retryDelay(text: String, expected: Duration?) {
        let body = #"[{"error":{"code":429,"details":[{"@type":"x"},{"retryDelay":"\#(text)"}]}}]"#
        #expect(OpenAIErrorReader.classify(status: 429, body: Array(body.utf8)).retryAfter == expected)
    }

    @Test(
        "never quote a page",
        arguments: [
            "<html>secret</html>", "\u{0}", "[]", #"["secret"]"#, #"{"a":"secret"}"#, #"{"message":"sec"#,
            "<!-- secret", "", " ",
        ]
    )
    func pages(body: String) {
        let error = OpenAIErrorReader.classify(status: 502, body: Array(body.utf8))
        #expect(error.message == "The provider answered with status 502 and no explanation.")
    }

    @Test(
        "are OpenAI's own envelope only where they have its shape",
        arguments: [
            (#"{"error":{"message":"No."}}"#, true), (#"{ "x":1, "error":{} }"#, true), (#"{"error":"No."}"#, false),
            (#"{"error":null,"message":"No."}"#, false), (#"{"object":"error","message":"No."}"#, false),
            (#"[{"error":{"message":"No."}}]"#, false), ("No.", false), (#"{"error":{"message":"No"#, false),
        ]
    )
    func envelope(body: String, isOwn: Bool) {
        let error = OpenAIErrorReader.classify(status: 400, body: Array(body.utf8))
        #expect(error.envelope == (isOwn ? .openAI : nil))
    }

    @Test("in a choice are none that a caller would find")
    func choiceError() throws {
        let body = Array(#"{"choices":[{"index":0,"error":{"message":"No.","code":502}}]}"#.utf8)
        var exchange = OpenAIExchange(operation: .chat, stream: false)
        _ = exchange.begin(ResponseHead(status: 200, headers: []))
        guard case .error(let error) = exchange.feed(body, last: true).last else {
            Issue.record("there is no error")
            return
        }
        #expect(error.message == "No." && error.envelope == nil)
    }

    @Test("with a body over 64 KiB are not read, however it is chopped", arguments: [(10_000, "m"), (70_000, nil)])
    func longBody(padding: Int, message: String?) {
        let body = "{\"error\":{\"message\":\"m\"},\"pad\":\"\(String(repeating: "x", count: padding))\"}"
        for size in [40_000, 1_000_000] {
            var exchange = OpenAIExchange(operation: .chat, stream: false)
            _ = exchange.begin(ResponseHead(status: 500, headers: []))
            var rest = Array(body.utf8)[...]
            while rest.count > size {
                #expect(exchange.feed(Array(rest.prefix(size)), last: false).isEmpty)
                rest = rest.dropFirst(size)
            }
            var expected = ProviderError(
                .server,
                message ?? OpenAIErrorReader.classify(status: 500, body: []).message
            )
            (expected.status, expected.body) = (500, Array(body.utf8.prefix(64 << 10)))
            expected.envelope = message == nil ? nil : .openAI
            #expect(exchange.feed(Array(rest), last: true) == [.error(expected)])
            #expect(exchange.feed(Array(rest), last: true).isEmpty)
        }
    }
}
