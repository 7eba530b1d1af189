/// What Messages are answered with.
extension Canned {
    static let messagesObject = Array(
        message(content: #"[{"type":"text","text":"\#(sentence)"}]"#, reason: #""end_turn""#).utf8
    )

    /// Start, block, sixteen words, the block's end, reason and stop.
    static let messagesEvents =
        [
            messagesEvent("message_start", #""message":\#(message(content: "[]", reason: "null"))"#),
            messagesEvent("content_block_start", #""index":0,"content_block":{"type":"text","text":""}"#),
        ]
        + words.prefix(eventCount - 5).map {
            messagesEvent("content_block_delta", #""index":0,"delta":{"type":"text_delta","text":"\#($0)"}"#)
        }
        + [
            messagesEvent("content_block_stop", #""index":0"#),
            messagesEvent(
                "message_delta",
                #""delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"input_tokens":57,"#
                    + #""cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":16}"#
            ),
            "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n",
        ]

    private static func message(content: String, reason: String) -> String {
        #"{"id":"msg_01Bench0123456789abcdef","type":"message","role":"assistant","model":"bench-messages","content":\#(content),"#
            + #""stop_reason":\#(reason),"stop_sequence":null,"usage":{"input_tokens":57,"cache_creation_input_tokens":0,"#
            + #""cache_read_input_tokens":0,"output_tokens":29,"service_tier":"standard"}}"#
    }

    private static func messagesEvent(_ name: String, _ members: String) -> String {
        "event: \(name)\ndata: {\"type\":\"\(name)\",\(members)}\n\n"
    }
}
