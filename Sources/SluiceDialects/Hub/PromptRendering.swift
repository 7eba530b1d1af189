import SluiceJSON
import SluiceProvider

/// The native prompt as a format like the others.
///
/// What else a prompt has, its `type`, its `metadata` and when it shall run, is the gateway's own and no provider's.
enum PromptRendering {
    /// What `prompt` asks for, its texts and numbers as they are spelled.
    ///
    /// Members that are null count as missing. Texts and numbers were checked when the prompt came in.
    static func request(_ prompt: JSONValue) -> HubRequest {
        var turns: [HubTurn] = []
        turns.reserveCapacity(2)
        if let system = SpelledText(prompt[key: "systemMsg"]) { turns.append(turn(.system, system)) }
        if let text = SpelledText(prompt[key: "prompt"]) { turns.append(turn(.user, text)) }
        var request = HubRequest(turns)
        request.sampling.temperature = given(prompt, "randomness")
        request.maxOutput = given(prompt, "maxToken").map { HubLimit($0) }
        return request
    }

    private static func turn(_ role: HubRole, _ text: SpelledText) -> HubTurn {
        HubTurn(role, [HubPart(.text(HubText(text)))])
    }

    private static func given(_ prompt: JSONValue, _ name: String) -> SpelledJSON? {
        prompt[key: name].flatMap { $0.isNull ? nil : SpelledJSON($0) }
    }
}
