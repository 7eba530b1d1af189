import SluiceJSON
import SluiceTypes

/// Puts the chunks of a stream together into the one object that a plain answer is: for a caller who asked for no stream, and
/// a provider who sent one.
///
/// Source: the API reference of OpenAI, "The chat completion object" and "The chat completion chunk object".
struct OpenAIWhole {
    private let operation: Operation
    private var root = GrowingJSON.object([])
    /// By their numbers.
    private var choices: [Int64: GrowingJSON] = [:]

    init(_ operation: Operation) {
        self.operation = operation
    }

    mutating func take(_ chunk: JSONValue) {
        for (name, value) in chunk.members {
            guard name == "choices" else {
                root.change(name, value) { $0.replace(with: value) }
                continue
            }
            for choice in value.elements {
                choices[choice[key: "index"]?.integer ?? 0, default: .object([])].take(choice)
            }
        }
    }

    /// The object; a choice that gave no reason for its end has `reason`.
    func object(reason: String) -> [UInt8] {
        JSONWriter.bytes { writer in
            writer.object { writer in
                guard case .object(let members) = root else { return }
                for member in members where member.name != "usage" {
                    writer.key(member.name)
                    if member.name == "object", operation == .chat {
                        writer.value("chat.completion")
                    } else {
                        member.value.write(to: &writer)
                    }
                }
                writer.member(
                    "choices",
                    array: { writer in
                        for (number, choice) in choices.sorted(by: { $0.key < $1.key }) {
                            write(choice, number, reason, to: &writer)
                        }
                    }
                )
                if let usage = root["usage"], !usage.isBlank {
                    writer.key("usage")
                    usage.write(to: &writer)
                }
            }
        }
    }

    private func write(_ choice: GrowingJSON, _ number: Int64, _ reason: String, to writer: inout JSONWriter) {
        writer.object { writer in
            guard case .object(let members) = choice else { return }
            if choice["index"] == nil { writer.member("index", number) }
            for member in members where member.name != "finish_reason" {
                if operation == .chat, member.name == "delta" {
                    writer.member("message", object: { message(member.value, to: &$0) })
                } else {
                    writer.key(member.name)
                    member.value.write(to: &writer)
                }
            }
            writer.key("finish_reason")
            if let own = choice["finish_reason"], !own.isBlank { own.write(to: &writer) } else { writer.value(reason) }
        }
    }

    private func message(_ delta: GrowingJSON, to writer: inout JSONWriter) {
        guard case .object(let members) = delta else { return }
        if delta["role"] == nil { writer.member("role", "assistant") }
        if delta["content"] == nil {
            writer.key("content")
            writer.null()
        }
        for member in members {
            writer.key(member.name)
            guard member.name == "tool_calls", case .array(let calls) = member.value else {
                member.value.write(to: &writer)
                continue
            }
            writer.array { writer in for call in calls { toolCall(call.value, to: &writer) } }
        }
    }

    /// A whole answer has no need of the number by which the pieces of a call are put together.
    private func toolCall(_ call: GrowingJSON, to writer: inout JSONWriter) {
        guard case .object(let members) = call else { return call.write(to: &writer) }
        writer.object { GrowingJSON.write(members.filter { $0.name != "index" }, to: &$0) }
    }
}

extension GrowingJSON {
    /// Takes what a chunk tells of a choice.
    fileprivate mutating func take(_ choice: JSONValue) {
        for (name, value) in choice.members {
            change(name, value) { known in
                switch name {
                case "delta", "text", "logprobs": known.join(value)
                default: known.replace(with: value)
                }
            }
        }
    }
}
