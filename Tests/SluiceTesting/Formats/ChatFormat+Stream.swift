extension ChatFormat {
    /// One event of a stream, as a provider sends it.
    package struct Event: Sendable, Hashable {
        /// Where in an answer it stands, and so when a client may have it.
        package enum Stage: Sendable {
            /// Before any content.
            case preamble
            case content
            /// From the first event on that a client may take for the end.
            case ending
        }

        /// Its `event` line; nil without one.
        package var name: String?
        package var data: String
        package var stage: Stage

        /// Its lines, with the empty one that ends it.
        package var text: String { (name.map { "event: \($0)\n" } ?? "") + "data: \(data)\n\n" }
    }

    /// The events of a streamed answer that says these pieces.
    package func events(
        _ pieces: [String],
        id: String = "id-1",
        usage: (input: Int, output: Int) = (9, 12)
    ) -> [Event] {
        switch self {
        case .chat: chunks(pieces, id, usage)
        case .messages: messageEvents(pieces, id, usage)
        case .responses: responseEvents(pieces, id, usage)
        }
    }

    private func chunks(_ pieces: [String], _ id: String, _ usage: (input: Int, output: Int)) -> [Event] {
        let head = #"{"id":"\#(id)","object":"chat.completion.chunk","created":1700000000,"model":"m","choices":["#
        func chunk(_ delta: String, _ finish: String, _ stage: Event.Stage) -> Event {
            let choice = #"{"index":0,"delta":{\#(delta)},"finish_reason":\#(finish)}"#
            return Event(data: #"\#(head)\#(choice)],"usage":null}"#, stage: stage)
        }
        return [chunk(#""role":"assistant","content":"""#, "null", .preamble)]
            + pieces.map { chunk(#""content":"\#($0)""#, "null", .content) }
            + [
                chunk("", #""stop""#, .ending),
                Event(data: #"\#(head)],"usage":\#(chatUsage(usage))}"#, stage: .ending),
                Event(data: "[DONE]", stage: .ending),
            ]
    }

    private func messageEvents(_ pieces: [String], _ id: String, _ usage: (input: Int, output: Int)) -> [Event] {
        let message =
            #"{"id":"\#(id)","type":"message","role":"assistant","model":"m","content":[],"stop_reason":null,"#
            + #""stop_sequence":null,"usage":{"input_tokens":\#(usage.input),"output_tokens":1}}"#
        let delta =
            #""delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":\#(usage.output)}"#
        return [
            named("message_start", #""message":\#(message)"#, .preamble),
            named("content_block_start", #""index":0,"content_block":{"type":"text","text":""}"#, .preamble),
        ]
            + pieces.map {
                named("content_block_delta", #""index":0,"delta":{"type":"text_delta","text":"\#($0)"}"#, .content)
            }
            + [
                named("content_block_stop", #""index":0"#, .content), named("message_delta", delta, .ending),
                Event(name: "message_stop", data: #"{"type":"message_stop"}"#, stage: .ending),
            ]
    }

    private func responseEvents(_ pieces: [String], _ id: String, _ usage: (input: Int, output: Int)) -> [Event] {
        let place = #""item_id":"msg_1","output_index":0"#
        let text = pieces.joined()
        let opened = #"{"type":"message","id":"msg_1","status":"in_progress","role":"assistant","content":[]}"#
        let begun = #""response":\#(response(id, "in_progress", [], nil))"#
        var events = [
            named("response.created", begun, .preamble), named("response.in_progress", begun, .preamble),
            named("response.output_item.added", #""output_index":0,"item":\#(opened)"#, .content),
            named("response.content_part.added", #"\#(place),"content_index":0,"part":\#(part(""))"#, .content),
        ]
        events += pieces.map {
            named("response.output_text.delta", #"\#(place),"content_index":0,"delta":"\#($0)""#, .content)
        }
        events += [
            named("response.output_text.done", #"\#(place),"content_index":0,"text":"\#(text)""#, .content),
            named("response.content_part.done", #"\#(place),"content_index":0,"part":\#(part(text))"#, .content),
            named("response.output_item.done", #""output_index":0,"item":\#(item(text))"#, .content),
            named("response.completed", #""response":\#(response(id, "completed", [item(text)], usage))"#, .ending),
        ]
        return events.enumerated().map { number, event in
            var event = event
            event.data = #"{"sequence_number":\#(number),"# + event.data.dropFirst()
            return event
        }
    }

    private func named(_ name: String, _ members: String, _ stage: Event.Stage) -> Event {
        Event(name: name, data: #"{"type":"\#(name)",\#(members)}"#, stage: stage)
    }
}
