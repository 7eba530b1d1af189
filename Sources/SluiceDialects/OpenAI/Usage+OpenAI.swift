import SluiceJSON
import SluiceTypes

extension Usage {
    /// Reads OpenAI's `usage`, and how its `answer` says that it was made; nil where it is missing or not made of counts.
    init?(openAI value: JSONValue?, in answer: JSONValue? = nil) {
        guard let value, let prompt = value[key: "prompt_tokens"]?.count else { return nil }
        let completion = value[key: "completion_tokens"]
        guard let output = completion == nil || completion?.isNull == true ? 0 : completion?.count else { return nil }
        var units = [Unit.input: prompt, Unit.output: output]
        if let details = value[key: "prompt_tokens_details"], details.kind == .object {
            units.count(details[key: "cached_tokens"], as: Unit.cacheRead)
            units.count(details[key: "audio_tokens"], as: Unit.inputAudio)
        }
        if let details = value[key: "completion_tokens_details"], details.kind == .object {
            units.count(details[key: "reasoning_tokens"], as: Unit.reasoning)
            units.count(details[key: "audio_tokens"], as: Unit.outputAudio)
        }
        self.init(units: units, raw: Array(value.bytes))
        noteTier(of: answer)
    }

    /// Notes in which tier of its service a provider says that it has answered.
    ///
    /// Source: OpenAI's API reference, "The chat completion object" and "The response object", `service_tier`.
    mutating func noteTier(of answer: JSONValue?) {
        guard let tier = answer?[key: "service_tier"]?.string else { return }
        terms["service_tier"] = tier
    }
}
