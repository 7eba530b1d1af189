import SluiceJSON
import SluiceTypes

extension Usage {
    /// Reads OpenAI's `usage`; nil where it is missing or not made of counts.
    init?(openAI value: JSONValue?) {
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
    }
}
