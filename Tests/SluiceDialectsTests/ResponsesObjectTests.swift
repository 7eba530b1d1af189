import SluiceDialects
import SluiceJSON
import SluiceTypes
import Testing

@Suite("A response that the gateway tells of itself")
struct ResponsesObjectTests {
    private func object(_ request: String, isBackground: Bool = true) throws -> ResponsesObject {
        ResponsesObject(
            id: "resp_1",
            createdAt: 1_764_470_000,
            request: try Document(Array(request.utf8)),
            isBackground: isBackground
        )
    }

    @Test("has what must be there, and the API's defaults")
    func defaults() throws {
        let text = String(decoding: try object(#"{"model":"m","input":"Hi"}"#).bytes(.queued), as: UTF8.self)
        let expected =
            #"{"id":"resp_1","object":"response","created_at":1764470000,"status":"queued","background":true,"error":null,"#
            + #""incomplete_details":null,"instructions":null,"max_output_tokens":null,"max_tool_calls":null,"metadata":{},"#
            + #""model":"m","parallel_tool_calls":true,"previous_response_id":null,"prompt_cache_key":null,"#
            + #""prompt_cache_retention":null,"reasoning":{"effort":null,"summary":null},"safety_identifier":null,"#
            + #""service_tier":"auto","store":true,"temperature":null,"text":{"format":{"type":"text"}},"tool_choice":"auto","#
            + #""tools":[],"top_p":null,"truncation":"disabled","user":null,"output":[],"usage":null}"#
        #expect(text == expected)
    }

    @Test("says again what was asked, as it was spelled, and no secret of a tool's")
    func echo() throws {
        let request =
            #"""
            {"model":"m\/x","instructions":"A\u0062","metadata":{"k": "v"},"temperature":0.70,"top_p":1E0,\#
            "store":false,"user":"u",
            """#
                + #"""
                "tools":[{"type":"mcp","server_label":"s", "authorization":"t0p","headers":{"x":"s3cret"}},\#
                {"type":"function","name":"f"},7],
                """#
            + #""tool_choice":{"type":"function","name":"f"},"parallel_tool_calls":false,"prompt":{"id":"p"},"top_logprobs":3,"#
            + #""text":{"verbosity":"low"},"previous_response_id":"resp_0","reasoning":{"effort":"low"},"input":[],"stream":true}"#
        let bytes = try object(request).bytes(.inProgress)
        let root = try Document(bytes).root
        for (name, value) in [
            ("model", #""m\/x""#), ("instructions", #""A\u0062""#), ("metadata", #"{"k": "v"}"#),
            ("temperature", "0.70"),
            ("top_p", "1E0"), ("store", "false"), ("user", #""u""#), ("parallel_tool_calls", "false"),
            ("tools", #"[{"type":"mcp","server_label":"s"},{"type":"function","name":"f"},7]"#),
            ("tool_choice", #"{"type":"function","name":"f"}"#), ("prompt", #"{"id":"p"}"#), ("top_logprobs", "3"),
            ("text", #"{"verbosity":"low"}"#), ("previous_response_id", #""resp_0""#),
            ("reasoning", #"{"effort":"low"}"#),
            ("status", #""in_progress""#),
        ] {
            #expect(root[key: name].map { String(decoding: $0.bytes, as: UTF8.self) } == value, "\(name)")
        }
        #expect(root[key: "input"] == nil && root[key: "stream"] == nil)
    }

    @Test(
        "takes nothing of a wrong kind over",
        arguments: [
            #"{"model":7,"tools":{},"metadata":[],"instructions":7,"tool_choice":[],"text":"x","store":"x","temperature":"hot"}"#,
            "[]", "7",
        ]
    )
    func wrongKinds(request: String) throws {
        let root = try Document(try object(request).bytes(.cancelled)).root
        #expect(root[key: "model"]?.string == "" && root[key: "tools"]?.kind == .array)
        #expect(root[key: "metadata"]?.kind == .object && root[key: "temperature"]?.isNull == true)
        #expect(root[key: "tool_choice"]?.string == "auto" && root[key: "store"]?.boolean == true)
        #expect(root[key: "status"]?.string == "cancelled")
    }

    @Test("says why it ended")
    func outcomes() throws {
        let object = try object(#"{"model":"m"}"#, isBackground: false)
        let failed = try Document(object.bytes(.failed(.serverError, "It \"broke\"."))).root
        #expect(failed[key: "status"]?.string == "failed" && failed[key: "background"]?.boolean == false)
        #expect(failed[key: "error"]?[key: "code"]?.string == "server_error")
        #expect(failed[key: "error"]?[key: "message"]?.string == "It \"broke\".")
        let incomplete = try Document(object.bytes(.incomplete("max_output_tokens"))).root
        #expect(incomplete[key: "incomplete_details"]?[key: "reason"]?.string == "max_output_tokens")
        #expect(incomplete[key: "status"]?.string == "incomplete" && incomplete[key: "error"]?.isNull == true)
    }

    @Test("is begun and queued by numbered events")
    func beginning() throws {
        let object = try object(#"{"model":"m"}"#)
        var numbers = ResponsesNumbers(epoch: 2)
        let events = [object.created(&numbers), object.queued(&numbers)]
        #expect(events.map(\.name) == ["response.created", "response.queued"])
        for (place, event) in events.enumerated() {
            let root = try Document(event.data).root
            #expect(root[key: "type"]?.string == event.name)
            #expect(root[key: "sequence_number"]?.integer == 1_000_000 + Int64(place))
            #expect(root[key: "response"].map { Array($0.bytes) } == object.bytes(.queued))
        }
        let keepAlive = ResponsesObject.keepAlive(numbers)
        #expect(keepAlive.name == "keepalive")
        #expect(String(decoding: keepAlive.data, as: UTF8.self) == #"{"type":"keepalive","sequence_number":1000001}"#)
        #expect(numbers.next() == 1_000_002)
    }

    @Test("fails by one event, or by two where nothing had begun", arguments: [false, true])
    func failure(hasBegun: Bool) throws {
        let object = try object(#"{"model":"m"}"#, isBackground: false)
        var numbers = ResponsesNumbers(following: hasBegun ? 6 : nil)
        let events = object.failed(.rateLimitExceeded, "Wait.", hasBegun: hasBegun, &numbers)
        #expect(events.map(\.name) == (hasBegun ? ["response.failed"] : ["response.created", "response.failed"]))
        let roots = try events.map { try Document($0.data).root }
        #expect(roots.map { $0[key: "sequence_number"]?.integer } == (hasBegun ? [7] : [0, 1]))
        #expect(roots.last?[key: "response"]?[key: "error"]?[key: "code"]?.string == "rate_limit_exceeded")
        if !hasBegun { #expect(roots.first?[key: "response"]?[key: "status"]?.string == "in_progress") }
    }

    @Test("has a code for every failure", arguments: ErrorClass.allCases)
    func codes(errorClass: ErrorClass) {
        let code = ResponsesErrorCode(errorClass)
        switch errorClass {
        case .rateLimit: #expect(code == .rateLimitExceeded)
        case .tokenLimit: #expect(code.rawValue == "context_length_exceeded")
        case .invalidRequest, .invalidModel, .contentFilter, .permission: #expect(code == .invalidPrompt)
        default: #expect(code == .serverError)
        }
        #expect(ResponsesErrorCode(errorClass, code: "bio_policy") == .bioPolicy)
        #expect(ResponsesErrorCode(errorClass, code: "some_word") == code)
    }
}
