extension Reply {
    /// What OpenAI says in the header of each answer, and some of which is nobody's but the account's.
    package static let responsesFields = [
        ("x-request-id", "req_loopback"),
        ("openai-processing-ms", "12"),
        ("openai-organization", "org-of-the-account"),
        ("x-codex-nobody-knows", "back"),
    ]

    /// A response as OpenAI answers it; `output` holds items in JSON, and `more` further members with a comma before each.
    package static func responseObject(
        id: String = "resp_loopback",
        model: String = "gpt-hello-2026",
        status: String = "completed",
        output: [String],
        more: String = ""
    ) -> String {
        #"{"id":"\#(id)","object":"response","created_at":1700000000,"status":"\#(status)","background":false,"#
            + #""error":null,"incomplete_details":null,"instructions":null,"model":"\#(model)","#
            + #""output":[\#(output.joined(separator: ","))],"parallel_tool_calls":true,"tool_choice":"auto","tools":[],"#
            + #""metadata":{}\#(more)}"#
    }

    /// What a whole response says of the tokens it took.
    package static let responseUsage =
        #","usage":{"input_tokens":9,"input_tokens_details":{"cached_tokens":0},"output_tokens":12,"#
        + #""output_tokens_details":{"reasoning_tokens":4},"total_tokens":21}"#

    /// A message of one text as an item of the output.
    package static func outputText(_ text: String, id: String = "msg_loopback", isDone: Bool = true) -> String {
        let part = #"{"type":"output_text","text":\#(quoted(text)),"annotations":[]}"#
        return
            #"{"type":"message","id":"\#(id)","role":"assistant","status":"\#(isDone ? "completed" : "in_progress")","#
            + #""content":[\#(isDone ? part : "")]}"#
    }

    /// A whole response.
    package static func aResponse(
        output: [String],
        id: String = "resp_loopback",
        model: String = "gpt-hello-2026"
    ) -> Reply {
        response(
            headers: [("Content-Type", "application/json")] + responsesFields,
            text: responseObject(id: id, model: model, output: output, more: responseUsage)
        )
    }

    /// A stream of these events, and what ends it.
    package static func responseStream(_ events: [String], end: [Step] = [.send(lastChunk)]) -> Reply {
        let fields = [("Content-Type", "text/event-stream; charset=utf-8"), ("Transfer-Encoding", "chunked")]
        return Reply([.send(head(200, fields + responsesFields))] + events.map { .send(chunk($0)) } + end)
    }

    /// The events of a streamed response, numbered and named: an item in whole texts, or a text in pieces where there are some.
    ///
    /// - Parameters:
    ///   - pieces: the deltas of a text, which is the first item.
    ///   - items: further items, each of which comes as a whole.
    ///   - model: the model that the response names.
    ///   - status: `completed`, `incomplete` or `failed`.
    ///   - more: further members of the last event's response, with a comma before each.
    /// - Returns: the events with the empty line behind each.
    package static func responseEvents(
        _ pieces: [String] = [],
        items: [String] = [],
        model: String = "gpt-hello-2026",
        status: String = "completed",
        more: String = ""
    ) -> [String] {
        let begun = responseObject(model: model, status: "in_progress", output: [])
        var events = [
            #"{"type":"response.created","response":\#(begun)"#,
            #"{"type":"response.in_progress","response":\#(begun)"#,
        ]
        var output: [String] = []
        if !pieces.isEmpty {
            let place = #""item_id":"msg_loopback","output_index":0,"content_index":0"#
            let text = pieces.joined()
            let part = #"{"type":"output_text","text":\#(quoted(text)),"annotations":[]}"#
            output.append(outputText(text))
            events += [
                #"{"type":"response.output_item.added","output_index":0,"item":\#(outputText("", isDone: false))"#,
                #"{"type":"response.content_part.added",\#(place),"part":{"type":"output_text","text":"","annotations":[]}"#,
            ]
            events += pieces.map {
                #"{"type":"response.output_text.delta",\#(place),"delta":\#(quoted($0)),"logprobs":[]"#
            }
            events += [
                #"{"type":"response.output_text.done",\#(place),"text":\#(quoted(text)),"logprobs":[]"#,
                #"{"type":"response.content_part.done",\#(place),"part":\#(part)"#,
                #"{"type":"response.output_item.done","output_index":0,"item":\#(output[0])"#,
            ]
        }
        for item in items {
            events.append(#"{"type":"response.output_item.added","output_index":\#(output.count),"item":\#(item)"#)
            events.append(#"{"type":"response.output_item.done","output_index":\#(output.count),"item":\#(item)"#)
            output.append(item)
        }
        let end = responseObject(model: model, status: status, output: output, more: responseUsage + more)
        events.append(#"{"type":"response.\#(status)","response":\#(end)"#)
        return events.enumerated().map { named(#"\#($1),"sequence_number":\#($0)}"#) }
    }
}
