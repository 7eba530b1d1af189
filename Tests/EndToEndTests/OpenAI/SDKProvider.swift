import LoopbackProvider
import SluiceJSON
import Synchronization

/// A provider that answers as OpenAI would, each model in its own way.
enum SDKProvider {
    /// The pieces in which a greeting is streamed.
    static let pieces = ["Hel", "lo, ", "Grüße", " 😀"]

    /// What is said of usage, everywhere.
    static let usage = (prompt: 9, completion: 12)

    /// Two tool calls, their arguments in pieces, one after the other.
    static let toolDeltas = [
        #"{"role":"assistant","content":null}"#,
        tool(0, #""id":"call_1","type":"function","#, name: "weather", ""),
        tool(0, "", #"{\"ci"#), tool(0, "", #"ty\":\"K"#), tool(0, "", #"öln\"}"#),
        tool(1, #""id":"call_2","type":"function","#, name: "time", ""),
        tool(1, "", #"{\"city\""#), tool(1, "", #":\"Rom\"}"#),
    ]

    /// The same, one among the other.
    static let mixedToolDeltas = [0, 1, 5, 2, 6, 3, 7, 4].map { toolDeltas[$0] }

    /// An answer with fields that no gateway knows, written as no gateway would write it.
    static let odd = #"""
        { "nobody_has_invented_this" : {"deep":[1, 2.50, 1E3, null,{"x":"\u2028\/"}]} ,
          "id":"chatcmpl-odd","object":"chat.completion","created":1700000000,"model":"gpt-odd-2025",
          "choices":[{"index":0,"message":{"role":"assistant","content":"One","reasoning_content":"Hm","refusal":null},
            "logprobs":{"content":[{"token":"One","logprob":-0.10,"bytes":[79,110,101],"top_logprobs":[]}],"refusal":null},
            "finish_reason":"stop"},
            {"index":1,"message":{"role":"assistant","content":"Two \ud83d\ude00","refusal":null},"logprobs":null,
            "finish_reason":"stop"}],
          "usage":{"prompt_tokens":9,"completion_tokens":12,"total_tokens":21,
            "completion_tokens_details":{"reasoning_tokens":4}},"system_fingerprint":"fp_1"  }
        """#

    /// Answers by the model and the path of the request.
    static func script() -> LoopbackProvider.Script {
        let wasBusy = Once()
        return { request, number in answer(request, number, wasBusy) }
    }

    /// Whether a request has one of the provider's keys.
    static func hasKey(_ request: RecordedRequest) -> Bool {
        SDKStand.keys.contains { request["Authorization"] == "Bearer \($0)" }
    }

    private static func answer(_ request: RecordedRequest, _ number: Int, _ wasBusy: Once) -> Reply {
        guard hasKey(request) else {
            return .openAIError(401, message: "Incorrect API key provided.", code: "invalid_api_key")
        }
        if request.method == "GET" { return models(request.path) }
        guard let body = try? Document(request.body).root, let model = body[key: "model"]?.string else {
            return .openAIError(400, message: "That is no JSON.")
        }
        switch model {
        case "text-hello": return completion(body)
        case "embed-small": return embeddings(body)
        case "gpt-hello": return chat(body, pieces)
        case "gpt-echo": return chat(body, words(of: body))
        case "gpt-odd": return .response(text: odd)
        case "gpt-tools": return tools(body, toolDeltas)
        case "gpt-tools-mixed": return tools(body, mixedToolDeltas)
        case "gpt-slow":
            // Far above the patience of the caller, who must not learn of it.
            return Reply([.pause(3000)] + Reply.chat(text: "answer \(number)").steps)
        case "gpt-once-busy" where wasBusy.happened():
            return request.path == "/v1/responses" ? ResponsesProvider.greeting(isStream(body)) : chat(body, pieces)
        default: return SDKProvider.errors[model] ?? SDKProvider.broken[model] ?? unknown(model)
        }
    }

    /// What is wrong with a call, by model.
    static let errors: [String: Reply] = [
        "gpt-400": .openAIError(
            400,
            message: "Unsupported value: 'temperature'.",
            param: "temperature",
            code: "unsupported_value"
        ),
        "gpt-401": .openAIError(401, message: "Incorrect API key provided.", code: "invalid_api_key"),
        "gpt-404": unknown("gpt-404"),
        "gpt-429": .openAIError(
            429,
            message: "Slow down.",
            type: "requests",
            code: "rate_limit_exceeded",
            headers: [("Retry-After", "7")]
        ),
        "gpt-500": .openAIError(500, message: "Oh.", type: "server_error"),
        "gpt-503": .openAIError(503, message: "Busy.", type: "server_error"),
        "gpt-context": .openAIError(400, message: "Too long.", param: "messages", code: "context_length_exceeded"),
        "gpt-quota": .openAIError(429, message: "Pay.", type: "insufficient_quota", code: "insufficient_quota"),
        "gpt-once-busy": .openAIError(
            429,
            message: "Slow down.",
            type: "requests",
            code: "rate_limit_exceeded",
            headers: [("Retry-After", "1")]
        ),
    ]

    /// Streams that break after `Hel`, by model.
    static let broken: [String: Reply] = [
        "gpt-cut": .truncatedChunks(half),
        "gpt-reset": .resetAfter(half),
        // Ends as a whole answer does, but the provider never said that it was done.
        "gpt-unfinished": .chunked(half),
        "gpt-error-event": .chunked(
            half + [
                #"data: {"error":{"message":"Overloaded","type":"server_error","param":null,"code":null}}"# + "\n\n"
            ]
        ),
        "gpt-stalls": .stallAfterHead(half),
    ]

    private static let half = Reply.chatChunks(pieces).prefix(2).map { "data: \($0)\n\n" }

    private static func isStream(_ body: JSONValue) -> Bool { body[key: "stream"]?.boolean == true }

    private static func streamUsage(_ body: JSONValue) -> (prompt: Int, completion: Int)? {
        body[key: "stream_options"]?[key: "include_usage"]?.boolean == true ? usage : nil
    }

    private static func chat(_ body: JSONValue, _ pieces: [String]) -> Reply {
        guard isStream(body) else { return .chat(text: pieces.joined(), model: "gpt-hello-2025") }
        return .chatStream(pieces, usage: streamUsage(body))
    }

    private static func completion(_ body: JSONValue) -> Reply {
        guard isStream(body) else { return .completion(text: pieces.joined()) }
        return .completionStream(pieces, usage: streamUsage(body))
    }

    private static func tools(_ body: JSONValue, _ deltas: [String]) -> Reply {
        let finish = "tool_calls"
        guard !isStream(body) else {
            return .sse(Reply.chatChunks(deltas: deltas, finish: finish, usage: streamUsage(body)))
        }
        let function = #"{"name":"weather","arguments":"{\"city\":\"Köln\"}"}"#
        return .response(
            text:
                #"{"id":"x","object":"chat.completion","created":1700000000,"model":"gpt-tools","choices":[{"index":0,"#
                + #""message":{"role":"assistant","content":null,"tool_calls":[{"id":"call_1","type":"function","#
                + #""function":\#(function)}]},"finish_reason":"\#(finish)"}],"#
                + #""usage":{"prompt_tokens":9,"completion_tokens":12,"total_tokens":21}}"#
        )
    }

    private static func tool(_ index: Int, _ id: String, name: String? = nil, _ arguments: String) -> String {
        let name = name.map { #""name":"\#($0)","# } ?? ""
        return #"{"tool_calls":[{"index":\#(index),\#(id)"function":{\#(name)"arguments":"\#(arguments)"}}]}"#
    }

    /// 0.5, -0.25 and 1, as numbers and as little-endian bytes.
    private static func embeddings(_ body: JSONValue) -> Reply {
        let isBase64 = body[key: "encoding_format"]?.string == "base64"
        let count = body[key: "input"]?.elements.count ?? 1
        // A list of numbers is one input: tokens.
        let inputs = body[key: "input"]?[0]?.number != nil ? 1 : max(1, count)
        return .embeddings(Array(repeating: isBase64 ? #""AAAAPwAAgL4AAIA/""# : "[0.5, -0.25, 1.0]", count: inputs))
    }

    private static func models(_ path: String) -> Reply {
        if path == "/v1/models" { return .models(SDKStand.listed) }
        let id = String(path.dropFirst("/v1/models/".count))
        return SDKStand.listed.contains(id) ? .model(id) : unknown(id)
    }

    private static func unknown(_ model: String) -> Reply {
        .openAIError(404, message: "The model `\(model)` does not exist.", param: "model", code: "model_not_found")
    }

    /// The words of the last message, with the spaces that belong to them.
    private static func words(of body: JSONValue) -> [String] {
        let text = body[key: "messages"]?.elements.last?[key: "content"]?.string ?? ""
        return text.split(separator: " ").enumerated().map { $0 == 0 ? String($1) : " \($1)" }
    }
}

/// Something that happens the first time only.
private final class Once: Sendable {
    private let hasHappened = Atomic(false)

    /// Whether it has happened before; it has from now on.
    func happened() -> Bool { hasHappened.exchange(true, ordering: .relaxed) }
}
