import SluiceJSON

/// Writes a whole chat answer as the one chunk of a stream, for a caller who asked for a stream and a provider that does
/// not know of any.
///
/// A completion's object and its chunks are alike.
///
/// Source: the API reference of OpenAI, "The chat completion object" and "The chat completion chunk object".
enum OpenAIChunk {
    /// The answer with `delta` for `message`, each call of a tool numbered; all other members as they came.
    static func of(_ answer: JSONValue) -> [UInt8] {
        JSONWriter.bytes { writer in
            writer.object { writer in
                for (name, value) in answer.members {
                    switch name {
                    case "object": writer.member(name, "chat.completion.chunk")
                    case "choices": writer.member(name, array: { choices(value, to: &$0) })
                    default: writer.member(name, RawJSON(value.bytes))
                    }
                }
            }
        }
    }

    private static func choices(_ choices: JSONValue, to writer: inout JSONWriter) {
        for choice in choices.elements {
            writer.object { writer in
                for (name, value) in choice.members {
                    if name == "message" {
                        writer.member("delta", object: { delta(value, to: &$0) })
                    } else {
                        writer.member(name, RawJSON(value.bytes))
                    }
                }
            }
        }
    }

    private static func delta(_ message: JSONValue, to writer: inout JSONWriter) {
        for (name, value) in message.members {
            if name == "tool_calls", value.kind == .array {
                writer.member(name, array: { toolCalls(value, to: &$0) })
            } else {
                writer.member(name, RawJSON(value.bytes))
            }
        }
    }

    /// The pieces of a call are put together by its number, which a whole answer has no need of.
    private static func toolCalls(_ calls: JSONValue, to writer: inout JSONWriter) {
        for (index, call) in calls.elements.enumerated() {
            writer.object { writer in
                if call[key: "index"] == nil { writer.member("index", index) }
                for (name, value) in call.members { writer.member(name, RawJSON(value.bytes)) }
            }
        }
    }
}
