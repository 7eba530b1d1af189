import LoopbackProvider
import SluiceJSON
import Synchronization

/// A provider that answers as Anthropic would, each model in its own way.
enum MessagesProvider {
    /// The pieces in which a greeting is streamed.
    static let pieces = ["Hel", "lo, ", "Grüße", " 😀"]

    /// The models that its list shows.
    static let listed = ["claude-hello", "claude-echo", "claude-tools"]

    /// An answer with fields that no gateway knows, written as no gateway would write it.
    static let odd = #"""
        { "nobody_has_invented_this" : {"deep":[1, 2.50, 1E3, null,{"x":"\u2028\/"}]} ,
          "id":"msg_odd","type":"message","role":"assistant","model":"claude-odd-2026",
          "content":[{"type":"thinking","thinking":"Hm \ud83d\ude00","signature":"c2lnbmF0dXJl+/=="},
            {"type":"redacted_thinking","data":"b3BhcXVl"},{"type":"text","text":"One","citations":null},
            {"type":"block_of_the_future","x":1.0}],
          "stop_reason":"end_turn","stop_sequence":null,"stop_details":null,
          "usage":{"input_tokens":9,"cache_creation_input_tokens":4,"cache_read_input_tokens":3,"output_tokens":12,
            "cache_creation":{"ephemeral_5m_input_tokens":0,"ephemeral_1h_input_tokens":4},"service_tier":"standard"}  }
        """#

    /// A thought with its signature, a text, and a call whose input comes in pieces.
    static let toolBlocks = [
        (
            start: #"{"type":"thinking","thinking":"","signature":""}"#,
            deltas: [
                #"{"type":"thinking_delta","thinking":"I ask "}"#,
                #"{"type":"thinking_delta","thinking":"the weather."}"#,
                #"{"type":"signature_delta","signature":"c2lnbmF0dXJl+/=="}"#,
            ]
        ),
        (start: #"{"type":"text","text":""}"#, deltas: [#"{"type":"text_delta","text":"Let me see."}"#]),
        (
            start: #"{"type":"tool_use","id":"toolu_1","name":"weather","input":{}}"#,
            deltas: ["", #"{\"ci"#, #"ty\":\"K"#, #"öln\"}"#]
                .map { #"{"type":"input_json_delta","partial_json":"\#($0)"}"# }
        ),
    ]

    /// Answers by the model and the path of the request; each of `files` is the stream of the model `file-` and its name.
    static func script(files: [String: String] = [:]) -> LoopbackProvider.Script {
        let wasBusy = Atomic(false)
        return { request, number in
            if request.path.hasPrefix("/v1/messages"),
                let model = try? Document(request.body).root[key: "model"]?.string
            {
                if model == "claude-once-busy", wasBusy.exchange(true, ordering: .relaxed) { return greeting(request) }
                if let file = files.first(where: { "file-\($0.key)" == model }) {
                    // A provider ends its last event, which the SDK's tests leave to whoever serves the file.
                    return .messageStream([file.value + "\n\n"])
                }
            }
            return answer(request, number)
        }
    }

    private static func answer(_ request: RecordedRequest, _ number: Int) -> Reply {
        let key = request["x-api-key"] ?? request["Authorization"].map { String($0.dropFirst("Bearer ".count)) }
        guard let key, SDKStand.keys.contains(key) else {
            return .anthropicError(401, type: "authentication_error", message: "invalid x-api-key")
        }
        let path = request.path.prefix { $0 != "?" }
        if request.method == "GET" { return models(request.path) }
        guard let body = try? Document(request.body).root, let model = body[key: "model"]?.string else {
            return .anthropicError(400, type: "invalid_request_error", message: "That is no JSON.")
        }
        if path == "/v1/messages/count_tokens" {
            guard model == "claude-hello" else { return unknown(model) }
            return .response(text: #"{"input_tokens":14}"#)
        }
        switch model {
        case "claude-hello": return greeting(request)
        case "claude-echo": return message(body, words(of: body))
        case "claude-odd":
            return .response(headers: [("Content-Type", "application/json")] + Reply.anthropicFields, text: odd)
        case "claude-tools": return tools(body)
        case "claude-slow":
            // Far above the patience of the caller, who must not learn of it.
            return Reply([.pause(3000)] + Reply.message(text: "answer \(number)").steps)
        case "claude-picky" where body[key: "max_tokens"] == nil:
            return .anthropicError(400, type: "invalid_request_error", message: "max_tokens: Field required")
        default: return errors[model] ?? broken[model] ?? unknown(model)
        }
    }

    /// What is wrong with a call, by model.
    static let errors: [String: Reply] = [
        "claude-400": .anthropicError(400, type: "invalid_request_error", message: "temperature: range: 0..1"),
        "claude-401": .anthropicError(401, type: "authentication_error", message: "invalid x-api-key"),
        "claude-402": .anthropicError(402, type: "billing_error", message: "Pay."),
        "claude-403": .anthropicError(403, type: "permission_error", message: "Not for this organization."),
        "claude-404": unknown("claude-404"),
        "claude-413": .anthropicError(413, type: "request_too_large", message: "Request exceeds the maximum size"),
        "claude-429": .anthropicError(
            429,
            type: "rate_limit_error",
            message: "This request would exceed your rate limit.",
            headers: [("Retry-After", "7")]
        ),
        "claude-500": .anthropicError(500, type: "api_error", message: "Internal server error"),
        "claude-529": .anthropicError(529, type: "overloaded_error", message: "Sorry, nobody has time for this"),
        "claude-long": .anthropicError(
            400,
            type: "invalid_request_error",
            message: "prompt is too long: 210000 tokens > 200000 maximum"
        ),
        "claude-details": .anthropicError(
            400,
            type: "invalid_request_error",
            message: "Wrong.",
            details: #"{"error_code":"nobody_knows","more":[1]}"#
        ),
        "claude-once-busy": .anthropicError(
            429,
            type: "rate_limit_error",
            message: "This request would exceed your rate limit.",
            headers: [("Retry-After", "1")]
        ),
    ]

    /// Streams that break after `Hel`, by model.
    static let broken: [String: Reply] = [
        "claude-cut": .messageStream(half, end: [.close]),
        "claude-reset": .messageStream(half, end: [.reset]),
        // Ends as a whole answer does, in the middle of its text.
        "claude-unfinished": .messageStream(half),
        "claude-error-event": .messageStream(
            half + [Reply.named(Reply.anthropicError(type: "overloaded_error", message: "Overloaded"))]
        ),
        "claude-stalls": .messageStream(half, end: [.stall]),
    ]

    private static let half = Array(Reply.messageEvents(pieces).prefix(4))

    private static func greeting(_ request: RecordedRequest) -> Reply {
        guard let body = try? Document(request.body).root else { return .close }
        return message(body, pieces)
    }

    private static func isStream(_ body: JSONValue) -> Bool { body[key: "stream"]?.boolean == true }

    private static func message(_ body: JSONValue, _ pieces: [String]) -> Reply {
        isStream(body) ? .messageStream(Reply.messageEvents(pieces)) : .message(text: pieces.joined())
    }

    private static func tools(_ body: JSONValue) -> Reply {
        guard !isStream(body) else {
            return .messageStream(Reply.messageEvents(blocks: toolBlocks, model: "claude-tools", stop: "tool_use"))
        }
        return .message(
            content: #"[{"type":"thinking","thinking":"I ask the weather.","signature":"c2lnbmF0dXJl+/=="},"#
                + #"{"type":"text","text":"Let me see."},"#
                + #"{"type":"tool_use","id":"toolu_1","name":"weather","input":{"city":"Köln"}}]"#,
            stop: "tool_use"
        )
    }

    /// A page of the list, or one model of it.
    private static func models(_ path: String) -> Reply {
        let list = listed.map {
            #"{"type":"model","id":"\#($0)","display_name":"\#($0)","created_at":"2026-01-01T00:00:00Z"}"#
        }
        guard let name = path.split(separator: "/").last, path.hasPrefix("/v1/models/") else {
            let query = path.split(separator: "?").last?.split(separator: "&") ?? []
            let limit = query.first { $0.hasPrefix("limit=") }.flatMap { Int($0.dropFirst(6)) } ?? 20
            let after = query.first { $0.hasPrefix("after_id=") }.map { String($0.dropFirst(9)) }
            let start = after.flatMap(listed.firstIndex).map { $0 + 1 } ?? 0
            let page = start..<min(start + limit, listed.count)
            let ends =
                page.isEmpty
                ? "null,\"last_id\":null"
                : "\"\(listed[page.lowerBound])\",\"last_id\":\"\(listed[page.upperBound - 1])\""
            return .response(
                text:
                    #"{"data":[\#(list[page].joined(separator: ","))],"has_more":\#(page.upperBound < listed.count),"first_id":\#(ends)}"#
            )
        }
        guard let place = listed.firstIndex(of: String(name)) else { return unknown(String(name)) }
        return .response(text: list[place])
    }

    private static func unknown(_ model: String) -> Reply {
        .anthropicError(404, type: "not_found_error", message: "model: \(model)")
    }

    /// The words of the last message, with the spaces that belong to them.
    private static func words(of body: JSONValue) -> [String] {
        let text = body[key: "messages"]?.elements.last?[key: "content"]?.string ?? ""
        return text.split(separator: " ").enumerated().map { $0 == 0 ? String($1) : " \($1)" }
    }
}
