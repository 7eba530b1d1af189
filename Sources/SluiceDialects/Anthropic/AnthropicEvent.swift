import SluiceJSON
import SluiceProvider

/// One event of a stream of Messages.
///
/// Source: Anthropic's guide "Streaming Messages", "Event types".
struct AnthropicEvent {
    enum Kind: String {
        case messageStart = "message_start"
        case blockStart = "content_block_start"
        case blockDelta = "content_block_delta"
        case blockStop = "content_block_stop"
        case messageDelta = "message_delta"
        case messageStop = "message_stop"
        case ping
        case other
    }

    let kind: Kind
    /// The name that the event came with; its `type` where it came without one, since clients need it.
    let name: String?
    let root: JSONValue

    /// Reads an event; `name` is that of its `event:` line.
    ///
    /// What it is its `type` tells, or else the name.
    init(_ root: JSONValue, name: String?) {
        let name = name.flatMap { $0.isEmpty ? nil : $0 }
        let type = root[key: "type"]?.string
        self.root = root
        self.name = name ?? type
        kind = (type ?? name).flatMap(Kind.init) ?? .other
    }

    /// How far the answer is with it, for itself.
    var stage: ReplyStage {
        switch kind {
        case .messageStart, .blockStop, .ping: .preamble
        // A block that is no text says by its kind alone what the model does.
        case .blockStart: block?[key: "type"]?.string != "text" || AnthropicEvent.carries(block) ? .content : .preamble
        case .blockDelta: AnthropicEvent.carries(delta) ? .content : .preamble
        case .messageDelta: reason == nil ? .preamble : .ending
        case .messageStop: .ending
        // What nobody here knows may be a part of the answer.
        case .other: .content
        }
    }

    /// Whether something stands in a block or a delta beside its type.
    private static func carries(_ part: JSONValue?) -> Bool {
        (part?.members ?? []).contains { $0.key != "type" && !$0.value.isBlank }
    }

    /// The number of the block that it tells of.
    var index: Int64 { root[key: "index"]?.integer ?? 0 }
    var block: JSONValue? { kind == .blockStart ? root[key: "content_block"] : nil }
    var delta: JSONValue? { root[key: "delta"] }
    var message: JSONValue? { kind == .messageStart ? root[key: "message"] : nil }

    /// The piece of visible text in it; nil for none.
    var piece: StringPiece? {
        switch kind {
        case .blockStart where block?[key: "type"]?.string == "text": block?[key: "text"]?.piece
        case .blockDelta where delta?[key: "type"]?.string == "text_delta": delta?[key: "text"]?.piece
        default: nil
        }
    }

    /// Why the model stopped; nil while it goes on.
    var reason: FinishReason? { kind == .messageDelta ? AnthropicReason.of(delta?[key: "stop_reason"]) : nil }

    var usage: JSONValue? {
        switch kind {
        case .messageStart, .messageDelta: message?[key: "usage"] ?? root[key: "usage"]
        default: nil
        }
    }
}
