import SluiceJSON
import SluiceProvider
import SluiceTypes

extension ChatRendering {
    /// The number of the choice that is the answer: 0, or that of the first where none has it.
    static func main(_ choices: [JSONValue]) -> Int64? {
        choices.contains { number($0) == 0 } ? 0 : choices.first.map(number)
    }

    /// The number of a choice.
    static func number(_ choice: JSONValue) -> Int64 { choice[key: "index"]?.integer ?? 0 }

    /// The answer that an object holds, of its first choice: the hub has one answer.
    static func answer(_ root: JSONValue) -> HubAnswer {
        let choices = root[key: "choices"]?.elements ?? []
        let main = main(choices)
        guard let choice = choices.first(where: { number($0) == main }) else { return HubAnswer() }
        let message = choice[key: "message"]
        var members = MemberTaker(message, dialect)
        let parts = answerParts(message?[key: "content"], &members)
        return HubAnswer(parts, finish: choice[key: "finish_reason"]?.string.map(finish))
    }

    /// What a reason means; one that is unknown counts as a stop.
    static func finish(_ word: String) -> HubFinish {
        let reason: HubFinish.Reason =
            switch word {
            case "length": .length
            case "tool_calls", "function_call": .toolCalls
            case "content_filter": .contentFilter
            default: .stop
            }
        return HubFinish(reason, dialect: dialect, word: word)
    }

    /// The word for a reason: the provider's own, where it spoke this dialect.
    static func word(_ finish: HubFinish) -> String {
        if finish.dialect == dialect, let word = finish.word { return word }
        return switch finish.reason {
        case .stop, .malformedResponse: "stop"
        case .length: "length"
        case .toolCalls: "tool_calls"
        case .contentFilter: "content_filter"
        }
    }

    /// The object for an answer; `usage` in this format's own words.
    static func object(of answer: HubAnswer, _ head: HubHead, usage: SpelledJSON?) -> [UInt8] {
        JSONWriter.bytes { writer in
            writer.object { object in
                object.member("id", head.id)
                object.member("object", "chat.completion")
                object.member("created", head.created)
                object.member("model", head.model)
                object.member(
                    "choices",
                    array: { choices in
                        choices.object { choice in
                            choice.member("index", 0)
                            choice.member(
                                "message",
                                object: { message in
                                    message.member("role", "assistant")
                                    writeAnswer(answer.parts, to: &message)
                                }
                            )
                            choice.member("finish_reason", answer.finish.map(word))
                        }
                    }
                )
                object.memberIfPresent("usage", usage)
            }
        }
    }
}
