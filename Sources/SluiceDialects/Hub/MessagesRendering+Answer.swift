import SluiceJSON
import SluiceProvider
import SluiceTypes

extension MessagesRendering {
    /// The answer that an object holds.
    static func answer(_ root: JSONValue) -> HubAnswer {
        HubAnswer(parts(root[key: "content"]), finish: finish(root))
    }

    /// Why the model stopped, of an answer or of the `delta` of a `message_delta`; nil while it has not.
    static func finish(_ object: JSONValue) -> HubFinish? {
        guard let word = object[key: "stop_reason"]?.string else { return nil }
        let reason: HubFinish.Reason =
            switch word {
            case "max_tokens", "model_context_window_exceeded": .length
            case "tool_use": .toolCalls
            case "refusal": .contentFilter
            case "pause_turn", "compaction": .malformedResponse
            default: .stop
            }
        let members = ["stop_sequence", "stop_details"].compactMap { name in
            object[key: name].flatMap { $0.isNull ? nil : HubMember(dialect, name, SpelledJSON($0)) }
        }
        let detail = SpelledText(object[key: "stop_details"]?[key: "explanation"])
        return HubFinish(reason, dialect: dialect, word: word, detail: detail, members: members)
    }

    /// Writes `stop_reason` and what belongs to it.
    static func write(_ finish: HubFinish?, to object: inout JSONWriter) {
        object.member("stop_reason", finish.map(word))
        let isOwn = finish?.dialect == dialect
        let members = finish?.members ?? []
        if !members.contains(where: { $0.name == "stop_sequence" && $0.dialect == dialect }) {
            object.key("stop_sequence")
            object.null()
        }
        object.rest(members, of: dialect)
        guard !isOwn, finish?.reason == .contentFilter, let detail = finish?.detail else { return }
        object.member(
            "stop_details",
            object: { details in
                details.member("type", "refusal")
                details.member("explanation", detail)
            }
        )
    }

    private static func word(_ finish: HubFinish) -> String {
        if finish.dialect == dialect, let word = finish.word { return word }
        return switch finish.reason {
        case .stop, .malformedResponse: "end_turn"
        case .length: "max_tokens"
        case .toolCalls: "tool_use"
        case .contentFilter: "refusal"
        }
    }

    /// The object for an answer; `usage` in this format's own words, none of which may be missing.
    static func object(of answer: HubAnswer, _ head: HubHead, usage: SpelledJSON) -> [UInt8] {
        JSONWriter.bytes { writer in
            writer.object { object in
                begin(head, to: &object)
                object.member("content", array: { content in for part in answer.parts { write(part, to: &content) } })
                write(answer.finish, to: &object)
                object.member("usage", usage)
            }
        }
    }

    /// Writes the members with which an answer begins.
    static func begin(_ head: HubHead, to object: inout JSONWriter) {
        object.member("id", head.id)
        object.member("type", "message")
        object.member("role", "assistant")
        object.member("model", head.model)
    }
}
