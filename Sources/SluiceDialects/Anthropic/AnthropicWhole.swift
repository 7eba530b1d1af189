import SluiceJSON

/// Puts the events of a stream together into the one message that a plain answer is: for a caller who asked for no stream, and a
/// provider who sent one.
///
/// Source: Anthropic's guide "Streaming Messages", "Content block delta types".
struct AnthropicWhole: Sendable {
    private var message = GrowingJSON.object([])
    /// By their numbers.
    private var blocks: [Int64: Block] = [:]

    mutating func take(_ event: AnthropicEvent) {
        switch event.kind {
        case .messageStart: if let message = event.message { self.message = GrowingJSON(message) }
        case .blockStart: if let block = event.block { blocks[event.index] = Block(block) }
        case .blockDelta:
            guard let delta = event.delta else { return }
            blocks[event.index, default: Block(growingBy: delta)].take(delta)
        case .messageDelta:
            for (name, value) in event.delta?.members ?? [] { message.change(name, value) { $0.replace(with: value) } }
            for (name, value) in event.root.members where !["type", "delta", "usage"].contains(name) {
                message.change(name, value) { $0.replace(with: value) }
            }
        case .blockStop, .messageStop, .ping, .other: break
        }
    }

    /// The message, with the `usage` that was gathered; empty bytes stand for none.
    func object(usage: [UInt8]) -> [UInt8] {
        JSONWriter.bytes { writer in
            writer.object { writer in
                if message["type"] == nil { writer.member("type", "message") }
                if message["role"] == nil { writer.member("role", "assistant") }
                if message["stop_reason"] == nil { writer.member("stop_reason", "end_turn") }
                if case .object(let members) = message {
                    for member in members where member.name != "content" && member.name != "usage" {
                        writer.key(member.name)
                        if member.name == "stop_reason", member.value.isBlank {
                            writer.value("end_turn")
                        } else {
                            member.value.write(to: &writer)
                        }
                    }
                }
                writer.member(
                    "content",
                    array: { writer in
                        for (_, block) in blocks.sorted(by: { $0.key < $1.key }) { block.write(to: &writer) }
                    }
                )
                if !usage.isEmpty { writer.member("usage", RawJSON(usage)) }
            }
        }
    }
}

extension AnthropicWhole {
    /// One block as it grows.
    private struct Block: Sendable {
        private var value: GrowingJSON
        /// What deltas brought of a tool's input: a text that is JSON once it is whole.
        private var input = ""
        private var joiner = SurrogateJoiner()

        init(_ block: JSONValue) {
            value = GrowingJSON(block)
        }

        /// A block whose beginning was left out is what its first delta says.
        init(growingBy delta: JSONValue) {
            let kind = delta[key: "type"]?.string?.split(separator: "_").first.map(String.init) ?? "text"
            let names = ["input": "tool_use", "signature": "thinking", "citations": "text"]
            let type = GrowingJSON.Member(name: "type", value: .string(Array((names[kind] ?? kind).utf8)))
            value = .object([type])
        }

        mutating func take(_ delta: JSONValue) {
            switch delta[key: "type"]?.string {
            case "input_json_delta": input += delta[key: "partial_json"]?.piece.map { joiner.take($0) } ?? ""
            case "citations_delta":
                if let citation = delta[key: "citation"] { value.append(citation, to: "citations") }
            case "signature_delta":
                if let signature = delta[key: "signature"] {
                    value.change("signature", signature) { $0.replace(with: signature) }
                }
            default:
                for (name, piece) in delta.members where name != "type" { value.change(name, piece) { $0.join(piece) } }
            }
        }

        func write(to writer: inout JSONWriter) {
            guard case .object(let members) = value else { return value.write(to: &writer) }
            let whole = (try? Document(indexing: Array(input.utf8), limits: AnswerLimits.json))?.root
            writer.object { writer in
                GrowingJSON.write(members.filter { $0.name != "input" || whole == nil }, to: &writer)
                if let whole { writer.member("input", RawJSON(whole.bytes)) }
            }
        }
    }
}

extension GrowingJSON {
    /// Adds an element to the array that is the member `name`.
    fileprivate mutating func append(_ element: JSONValue, to name: String) {
        guard case .object(var members) = self else { return }
        let added = [Element(number: nil, value: GrowingJSON(element))]
        if let place = members.firstIndex(where: { $0.name == name }) {
            if case .array(let known) = members[place].value {
                members[place].value = .array(known + added)
            } else {
                members[place].value = .array(added)
            }
        } else {
            members.append(Member(name: name, value: .array(added)))
        }
        self = .object(members)
    }
}
