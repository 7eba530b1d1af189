import SluiceJSON
import SluiceProvider
import SluiceTypes

extension ResponsesRendering {
    /// The answer that a response object holds.
    static func answer(_ root: JSONValue) -> HubAnswer {
        let parts = root[key: "output"].map(answerParts) ?? []
        let hasCalls = parts.contains { if case .call = $0.content { true } else { false } }
        return HubAnswer(parts, finish: finish(root, hasCalls: hasCalls))
    }

    /// The parts of an array of output items.
    static func answerParts(_ output: JSONValue) -> [HubPart] {
        var turns: [HubTurn] = []
        read(output, &turns)
        return turns.flatMap(\.parts)
    }

    /// Why the model stopped; nil for a response that is under way or has failed.
    static func finish(_ response: JSONValue, hasCalls: Bool) -> HubFinish? {
        switch response[key: "status"]?.string {
        case "completed": return HubFinish(hasCalls ? .toolCalls : .stop, dialect: dialect, word: "completed")
        case "incomplete":
            let word = response[key: "incomplete_details"]?[key: "reason"]?.string
            let reason: HubFinish.Reason =
                switch word {
                case "max_output_tokens", "max_messages", "steered": .length
                case "content_filter": .contentFilter
                default: .stop
                }
            return HubFinish(reason, dialect: dialect, word: word ?? "incomplete")
        default: return nil
        }
    }

    /// The reason for which an answer is incomplete; nil for one that is complete.
    static func incompleteReason(_ finish: HubFinish?) -> String? {
        guard let finish else { return nil }
        if finish.dialect == dialect, let word = finish.word { return word == "completed" ? nil : word }
        return switch finish.reason {
        case .stop, .toolCalls, .malformedResponse: nil
        case .length: "max_output_tokens"
        case .contentFilter: "content_filter"
        }
    }

    /// The word for items of a kind in their ids, as the provider's own have it.
    static func idPrefix(_ part: HubPart) -> String {
        switch part.content {
        case .call(let call): call.kind == .function ? "fc" : "ctc"
        case .reasoning: "rs"
        default: "msg"
        }
    }

    /// The object for an answer; `usage` in this format's own words.
    static func object(of answer: HubAnswer, _ head: HubHead, usage: SpelledJSON?) -> [UInt8] {
        JSONWriter.bytes { writer in
            writer.object { object in
                write(head, status: status(answer.finish), to: &object)
                if let reason = incompleteReason(answer.finish) {
                    object.member("incomplete_details", object: { $0.member("reason", reason) })
                } else {
                    object.key("incomplete_details")
                    object.null()
                }
                object.member(
                    "output",
                    array: { output in
                        for (number, part) in answer.parts.enumerated() {
                            writeOutput(part, id: itemID(head, number, part), to: &output)
                        }
                    }
                )
                object.member("usage", usage)
            }
        }
    }

    /// The word for how far a response is.
    static func status(_ finish: HubFinish?) -> String {
        finish == nil ? "in_progress" : incompleteReason(finish) == nil ? "completed" : "incomplete"
    }

    /// Writes the members with which a response begins.
    static func write(_ head: HubHead, status: String, to object: inout JSONWriter) {
        object.member("id", head.id)
        object.member("object", "response")
        object.member("created_at", head.created)
        object.member("status", status)
        object.key("error")
        object.null()
        object.member("model", head.model)
    }

    /// The id of an item, by the number of its part.
    static func itemID(_ head: HubHead, _ number: Int, _ part: HubPart) -> String {
        let own = head.id.hasPrefix("resp_") ? String(head.id.dropFirst("resp_".count)) : head.id
        return "\(idPrefix(part))_\(own)_\(number)"
    }

    /// Writes a part as an item of an output: a text or refusal as a message of its own.
    static func writeOutput(_ part: HubPart, id: String, status: String = "completed", to output: inout JSONWriter) {
        var part = part
        if case .other = part.content { return writeItem(part, to: &output) }
        // What a provider's item had of these is not the id under which we tell it.
        part.members.removeAll { $0.dialect == dialect && ($0.name == "id" || $0.name == "status") }
        let own = [member("id", id), member("status", status)]
        switch part.content {
        case .text, .refusal: write(HubTurn(.assistant, [part], members: own), to: &output)
        case .call, .reasoning:
            part.members += own
            writeItem(part, to: &output)
        case .image, .file, .audio, .result, .other: break
        }
    }

    private static func member(_ name: String, _ text: String) -> HubMember {
        HubMember(dialect, name, SpelledJSON(bytes: JSONWriter.bytes { $0.value(text) }[...]))
    }
}
