extension Reply {
    /// What Anthropic says in the header of each answer, and some of which is nobody's but the account's.
    package static let anthropicFields = [
        ("request-id", "req_loopback"),
        ("anthropic-ratelimit-requests-remaining", "49"),
        ("anthropic-nobody-knows", "back"),
        ("anthropic-organization-id", "org-of-the-account"),
        ("anthropic-workspace-id", "wrkspc-of-the-account"),
    ]

    /// A message as Anthropic answers it; `content` is JSON, a list of blocks.
    package static func message(
        content: String,
        model: String = "claude-hello-2026",
        stop: String = "end_turn",
        input: Int = 9,
        output: Int = 12
    ) -> Reply {
        response(
            headers: [("Content-Type", "application/json")] + anthropicFields,
            text:
                #"{"id":"msg_loopback","type":"message","role":"assistant","model":"\#(model)","content":\#(content),"#
                + #""stop_reason":"\#(stop)","stop_sequence":null,"#
                + #""usage":{"input_tokens":\#(input),"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"#
                + #""output_tokens":\#(output)}}"#
        )
    }

    /// A message of one text.
    package static func message(text: String, model: String = "claude-hello-2026") -> Reply {
        message(content: #"[{"type":"text","text":\#(quoted(text))}]"#, model: model)
    }

    /// A stream of these events, and what ends it.
    package static func messageStream(_ events: [String], end: [Step] = [.send(lastChunk)]) -> Reply {
        let fields = [("Content-Type", "text/event-stream; charset=utf-8"), ("Transfer-Encoding", "chunked")]
        return Reply([.send(head(200, fields + anthropicFields))] + events.map { .send(chunk($0)) } + end)
    }

    /// The events of a streamed message of one text, a delta for each piece, with a ping among them.
    package static func messageEvents(_ pieces: [String], model: String = "claude-hello-2026") -> [String] {
        messageEvents(
            blocks: [(#"{"type":"text","text":""}"#, pieces.map { #"{"type":"text_delta","text":\#(quoted($0))}"# })],
            model: model
        )
    }

    /// The events of a streamed message: of each block its beginning and its deltas, which are JSON.
    package static func messageEvents(
        blocks: [(start: String, deltas: [String])],
        model: String = "claude-hello-2026",
        stop: String = "end_turn"
    ) -> [String] {
        var events = [
            #"{"type":"message_start","message":{"id":"msg_loopback","type":"message","role":"assistant","content":[],"#
                + #""model":"\#(model)","stop_reason":null,"stop_sequence":null,"#
                + #""usage":{"input_tokens":9,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":1}}}"#,
            #"{"type": "ping"}"#,
        ]
        for (index, block) in blocks.enumerated() {
            events.append(#"{"type":"content_block_start","index":\#(index),"content_block":\#(block.start)}"#)
            events += block.deltas.map { #"{"type":"content_block_delta","index":\#(index),"delta":\#($0)}"# }
            events.append(#"{"type":"content_block_stop","index":\#(index)}"#)
        }
        events += [
            #"{"type":"message_delta","delta":{"stop_reason":"\#(stop)","stop_sequence":null},"usage":{"output_tokens":12}}"#,
            #"{"type":"message_stop"}"#,
        ]
        return events.map(named)
    }

    /// An event of server-sent events, named by its `type`.
    package static func named(_ data: String) -> String {
        let type = data.split(separator: "\"", maxSplits: 4, omittingEmptySubsequences: false)[3]
        return "event: \(type)\ndata: \(data)\n\n"
    }

    /// An error as Anthropic answers it.
    package static func anthropicError(
        _ status: Int,
        type: String,
        message: String = "Something is wrong.",
        details: String? = nil,
        headers: [(String, String)] = []
    ) -> Reply {
        response(
            status,
            headers: [("Content-Type", "application/json")] + anthropicFields + headers,
            text: anthropicError(type: type, message: message, details: details)
        )
    }

    /// The body of an error; `details` is JSON.
    package static func anthropicError(type: String, message: String, details: String? = nil) -> String {
        let details = details.map { #","details":\#($0)"# } ?? ""
        return
            #"{"type":"error","error":{"type":"\#(type)","message":\#(quoted(message))\#(details)},"request_id":"req_loopback"}"#
    }
}
