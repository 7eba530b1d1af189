import LoopbackProvider
import SluiceJSON

/// A provider that answers as OpenAI's Responses would, each model in its own way; what is wrong with a call is as with chats.
enum ResponsesProvider {
    /// The pieces in which a greeting is streamed.
    static let pieces = SDKProvider.pieces

    /// A thought that nobody can read, and a call.
    static let toolItems = [
        #"{"type":"reasoning","id":"rs_1","summary":[],"encrypted_content":"b3BhcXVl+/=="}"#,
        #"{"type":"function_call","id":"fc_1","call_id":"call_1","name":"weather","arguments":"{\"city\":\"Köln\"}","#
            + #""status":"completed"}"#,
    ]

    /// An answer with fields that no gateway knows, written as no gateway would write it.
    static let odd = #"""
        { "nobody_has_invented_this" : {"deep":[1, 2.50, 1E3, null,{"x":"\u2028\/"}]} ,
          "id":"resp_odd","object":"response","created_at":1700000000,"status":"completed","model":"gpt-odd-2026",
          "output":[{"type":"item_of_the_future","id":"x_1","x":1.0},{"type":"reasoning","id":"rs_1","summary":[],
            "encrypted_content":"b3BhcXVl+/=="},{"type":"message","id":"msg_1","role":"assistant","status":"completed",
            "content":[{"type":"output_text","text":"One \ud83d\ude00","annotations":[],"logprobs":[]}]}],
          "parallel_tool_calls":true,"tool_choice":"auto","tools":[],"error":null,"incomplete_details":null,
          "usage":{"input_tokens":9,"input_tokens_details":{"cached_tokens":2},"output_tokens":12,
            "output_tokens_details":{"reasoning_tokens":4},"total_tokens":21}  }
        """#

    /// Streams that break after `Hel`, by model.
    static let broken: [String: Reply] = [
        "gpt-cut": .responseStream(half, end: [.close]),
        "gpt-reset": .responseStream(half, end: [.reset]),
        // Ends as a whole answer does, but the provider never said that it was done.
        "gpt-unfinished": .responseStream(half),
        "gpt-mark-only": .responseStream(half + ["data: [DONE]\n\n"]),
        "gpt-error-event": .responseStream(
            half + [
                Reply.named(
                    #"{"type":"error","code":"server_error","message":"Overloaded","param":null,"sequence_number":5}"#
                )
            ]
        ),
        "gpt-failed-event": .responseStream(half + [failed]),
        "gpt-stalls": .responseStream(half, end: [.stall]),
    ]

    private static let half = Array(Reply.responseEvents(pieces).prefix(5))

    private static let failed = Reply.named(
        #"{"type":"response.failed","response":"#
            + Reply.responseObject(status: "failed", output: [])
            .replacing(#""error":null"#, with: #""error":{"code":"server_error","message":"It broke."}"#)
            + #","sequence_number":5}"#
    )

    /// Answers by the model and the path of the request; each of `files` is the events of the model `file-` and its name.
    static func script(files: [String: [String]] = [:]) -> LoopbackProvider.Script {
        let others = SDKProvider.script()
        return { request, number in
            guard request.path.hasPrefix("/v1/responses"), SDKProvider.hasKey(request) else {
                return others(request, number)
            }
            guard request.method == "POST" else { return stored(request) }
            guard let body = try? Document(request.body).root, let model = body[key: "model"]?.string else {
                // To cancel is all that has no body.
                return .openAIError(400, message: "Only responses in the background can be cancelled.")
            }
            if request.path.hasSuffix("/compact") {
                let item = #"{"type":"compaction","id":"cmp_1","encrypted_content":"b3BhcXVl"}"#
                return .response(
                    text: #"{"id":"resp_compact","object":"response.compaction","created_at":1700000000,"#
                        + #""output":[\#(item)]\#(Reply.responseUsage)}"#
                )
            }
            if body[key: "previous_response_id"]?.string == "resp_unknown" {
                return .openAIError(400, param: "previous_response_id", code: "previous_response_not_found")
            }
            if let events = files.first(where: { "file-\($0.key)" == model })?.value { return .responseStream(events) }
            return answer(body, model, number) ?? broken[model] ?? others(request, number)
        }
    }

    private static func answer(_ body: JSONValue, _ model: String, _ number: Int) -> Reply? {
        let isStream = body[key: "stream"]?.boolean == true
        switch model {
        case "gpt-hello": return greeting(isStream)
        case "gpt-odd":
            return .response(headers: [("Content-Type", "application/json")] + Reply.responsesFields, text: odd)
        case "gpt-parsed":
            let text = [#"{"ans"#, #"wer":42}"#]
            return isStream
                ? .responseStream(Reply.responseEvents(text)) : .aResponse(output: [Reply.outputText(text.joined())])
        case "gpt-tools":
            return isStream ? .responseStream(Reply.responseEvents(items: toolItems)) : .aResponse(output: toolItems)
        case "gpt-incomplete":
            let events = Reply.responseEvents(pieces, status: "incomplete")
            let reason = #""incomplete_details":{"reason":"max_output_tokens"}"#
            return .responseStream(
                events.dropLast() + [events[events.count - 1].replacing(#""incomplete_details":null"#, with: reason)]
            )
        case "gpt-slow":
            // Far above the patience of the caller, who must not learn of it.
            return Reply([.pause(3000)] + Reply.aResponse(output: [Reply.outputText("answer \(number)")]).steps)
        default: return nil
        }
    }

    /// The greeting, with an id that counts no calls: without a gateway it is asked for again by it.
    static func greeting(_ isStream: Bool) -> Reply {
        isStream
            ? .responseStream(Reply.responseEvents(pieces)) : .aResponse(output: [Reply.outputText(pieces.joined())])
    }

    /// What the provider keeps: the greeting, which is never gone.
    private static func stored(_ request: RecordedRequest) -> Reply {
        guard request.path.hasPrefix("/v1/responses/resp_loopback") else {
            return .openAIError(404, message: "Response not found.")
        }
        guard request.method == "GET" else {
            return .response(text: #"{"id":"resp_loopback","object":"response","deleted":true}"#)
        }
        guard request.path.contains("/input_items") else { return greeting(false) }
        let item = #"{"type":"message","id":"msg_1","role":"user","content":[{"type":"input_text","text":"Hello"}]}"#
        return .response(
            text: #"{"object":"list","data":[\#(item)],"has_more":false,"first_id":"msg_1","last_id":"msg_1"}"#
        )
    }
}
