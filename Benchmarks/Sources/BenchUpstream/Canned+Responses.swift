/// What Responses are answered with.
extension Canned {
    static let responsesObject = Array(
        response("completed", output: [item("completed", content: [part(sentence)])]).utf8
    )

    /// Created, in progress, item and part, thirteen words, the ends of text, part and item, and completed.
    static let responsesEvents: [String] = {
        let words = Self.words.prefix(eventCount - 8)
        let whole = words.joined()
        let place = #""item_id":"\#(itemID)","output_index":0,"content_index":0"#
        let events: [(String, String)] =
            [
                ("response.created", #""response":\#(response("in_progress", output: []))"#),
                ("response.in_progress", #""response":\#(response("in_progress", output: []))"#),
                ("response.output_item.added", #""output_index":0,"item":\#(item("in_progress", content: []))"#),
                ("response.content_part.added", #"\#(place),"part":\#(part(""))"#),
            ]
            + words.map { ("response.output_text.delta", #"\#(place),"delta":"\#($0)","logprobs":[]"#) }
            + [
                ("response.output_text.done", #"\#(place),"text":"\#(whole)","logprobs":[]"#),
                ("response.content_part.done", #"\#(place),"part":\#(part(whole))"#),
                (
                    "response.output_item.done",
                    #""output_index":0,"item":\#(item("completed", content: [part(whole)]))"#
                ),
                (
                    "response.completed",
                    #""response":\#(response("completed", output: [item("completed", content: [part(whole)])]))"#
                ),
            ]
        return events.enumerated().map { number, event in
            "event: \(event.0)\ndata: {\"type\":\"\(event.0)\",\"sequence_number\":\(number),\(event.1)}\n\n"
        }
    }()

    private static let itemID = "msg_bench0123456789abcdef"

    private static func response(_ status: String, output: [String]) -> String {
        let usage =
            #"{"input_tokens":57,"input_tokens_details":{"cached_tokens":0},"output_tokens":29,"#
            + #""output_tokens_details":{"reasoning_tokens":0},"total_tokens":86}"#
        return
            #"{"id":"resp_bench0123456789abcdef","object":"response","created_at":1764000000,"status":"\#(status)","error":null,"#
            + #""incomplete_details":null,"model":"bench-responses","output":[\#(output.joined(separator: ","))],"store":true,"#
            + #""usage":\#(status == "completed" ? usage : "null")}"#
    }

    private static func item(_ status: String, content: [String]) -> String {
        #"{"id":"\#(itemID)","type":"message","status":"\#(status)","content":[\#(content.joined(separator: ","))],"role":"assistant"}"#
    }

    private static func part(_ text: String) -> String {
        #"{"type":"output_text","annotations":[],"logprobs":[],"text":"\#(text)"}"#
    }
}
