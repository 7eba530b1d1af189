import SluiceJSON
import SluiceProvider

/// Writes a whole message as the events of a stream, for a caller who asked for a stream and a provider that does not know of
/// any.
///
/// Clients put text, thinking and the input of tools together from deltas alone, so a block begins empty and has one of each.
///
/// Source: Anthropic's guide "Streaming Messages", "Content block delta types".
enum AnthropicEvents {
    /// The event by which a stream ends.
    static let mark = ReplyEvent.terminal(
        name: AnthropicEvent.Kind.messageStop.rawValue,
        Array(#"{"type":"message_stop"}"#.utf8)
    )

    /// Members that only the end of a message tells.
    private static let last = ["stop_reason", "stop_sequence", "stop_details", "container"]

    /// The events before the ``mark``.
    static func of(_ message: JSONValue) -> [ReplyEvent] {
        var events = [event(.messageStart, .preamble) { $0.member("message", object: { start(message, to: &$0) }) }]
        for (index, block) in (message[key: "content"]?.elements ?? []).enumerated() {
            events += self.block(block, index)
        }
        events.append(
            event(.messageDelta, .ending) { writer in
                writer.member("delta", object: { delta(message, to: &$0) })
                if let usage = message[key: "usage"] { writer.member("usage", RawJSON(usage.bytes)) }
            }
        )
        return events
    }

    private static func start(_ message: JSONValue, to writer: inout JSONWriter) {
        for (name, value) in message.members {
            switch name {
            case "content": writer.member(name, RawJSON("[]".utf8))
            case _ where last.contains(name): writer.member(name, RawJSON("null".utf8))
            default: writer.member(name, RawJSON(value.bytes))
            }
        }
    }

    private static func delta(_ message: JSONValue, to writer: inout JSONWriter) {
        if message[key: "stop_reason"]?.isBlank ?? true { writer.member("stop_reason", "end_turn") }
        for name in last {
            guard let value = message[key: name], name != "stop_reason" || !value.isBlank else { continue }
            writer.member(name, RawJSON(value.bytes))
        }
    }

    // MARK: Blocks

    /// A member that comes in deltas: how it begins, and what its delta and the piece in it are called.
    private struct Growing {
        var name: String
        var empty: String
        var delta: String
        var piece: String
    }

    private static func growing(_ block: JSONValue) -> [Growing] {
        switch block[key: "type"]?.string {
        case "text":
            [
                Growing(name: "text", empty: #""""#, delta: "text_delta", piece: "text"),
                Growing(name: "citations", empty: "[]", delta: "citations_delta", piece: "citation"),
            ]
        case "thinking":
            [
                Growing(name: "thinking", empty: #""""#, delta: "thinking_delta", piece: "thinking"),
                Growing(name: "signature", empty: #""""#, delta: "signature_delta", piece: "signature"),
            ]
        case "tool_use", "server_tool_use", "mcp_tool_use":
            [Growing(name: "input", empty: "{}", delta: "input_json_delta", piece: "partial_json")]
        default: []
        }
    }

    private static func block(_ block: JSONValue, _ index: Int) -> [ReplyEvent] {
        let growing = growing(block)
        var events = [
            event(.blockStart, .content) { writer in
                writer.member("index", index)
                writer.member(
                    "content_block",
                    object: { writer in
                        for (name, value) in block.members {
                            let grows = value.isNull ? nil : growing.first { $0.name == name }
                            writer.member(name, RawJSON(grows.map { Array($0.empty.utf8)[...] } ?? value.bytes))
                        }
                    }
                )
            }
        ]
        for member in growing {
            guard let value = block[key: member.name], !value.isBlank else { continue }
            for piece in pieces(value, of: member) { events.append(delta(member, piece, index)) }
        }
        return events + [event(.blockStop, .content) { $0.member("index", index) }]
    }

    /// The pieces of a member: the input of a tool is told as a text, citations one by one.
    private static func pieces(_ value: JSONValue, of member: Growing) -> [[UInt8]] {
        switch member.name {
        case "input": [JSONWriter.bytes { $0.value(String(decoding: value.bytes, as: UTF8.self)) }]
        case "citations": value.elements.map { Array($0.bytes) }
        default: [Array(value.bytes)]
        }
    }

    private static func delta(_ member: Growing, _ piece: [UInt8], _ index: Int) -> ReplyEvent {
        event(.blockDelta, .content) { writer in
            writer.member("index", index)
            writer.member(
                "delta",
                object: { writer in
                    writer.member("type", member.delta)
                    writer.member(member.piece, RawJSON(piece))
                }
            )
        }
    }

    private static func event(
        _ kind: AnthropicEvent.Kind,
        _ stage: ReplyStage,
        _ body: (inout JSONWriter) -> Void
    ) -> ReplyEvent {
        let data = JSONWriter.bytes { writer in
            writer.object { writer in
                writer.member("type", kind.rawValue)
                body(&writer)
            }
        }
        return .upstream(name: kind.rawValue, data, stage)
    }
}
