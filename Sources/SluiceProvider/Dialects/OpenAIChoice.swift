import SluiceJSON
import SluiceTypes

/// The first choice of an answer or a chunk; with `n` above 1 the others are in the raw object alone.
struct OpenAIChoice {
    static let filtered = "content_filter"

    /// What the model wrote; empty for a refusal or a call of tools.
    let text: String
    /// True when there is text, a refusal or a call of tools.
    let hasContent: Bool
    let finishReason: String?

    /// Reads a plain answer; nil when it has no choice, or one without `message` or `text`.
    init?(inPlain root: JSONValue, of operation: Operation) {
        let choices = root[key: "choices"]?.elements ?? []
        guard let choice = choices.first(where: OpenAIChoice.isFirst) ?? choices.first else { return nil }
        let content = operation == .completion ? choice[key: "text"] : choice[key: "message"]
        guard content?.kind == (operation == .completion ? .string : .object) else { return nil }
        self.init(choice, content)
    }

    /// Reads a chunk; nil when it says nothing of the first choice.
    init?(inChunk root: JSONValue, of operation: Operation) {
        guard let choice = root[key: "choices"]?.elements.first(where: OpenAIChoice.isFirst) else { return nil }
        self.init(choice, operation == .completion ? choice[key: "text"] : choice[key: "delta"])
    }

    private init(_ choice: JSONValue, _ content: JSONValue?) {
        text = content?.string ?? OpenAIChoice.text(of: content?[key: "content"])
        let others = ["refusal", "tool_calls", "function_call"].compactMap { content?[key: $0] }
        hasContent = !text.isEmpty || others.contains { !$0.isNull }
        finishReason = choice[key: "finish_reason"]?.string
    }

    private static func isFirst(_ choice: JSONValue) -> Bool {
        (choice[key: "index"]?.integer ?? 0) == 0
    }

    /// Text, or the text parts of a list, as some providers write it.
    private static func text(of content: JSONValue?) -> String {
        if let text = content?.string { return text }
        return content?.elements.compactMap { $0[key: "text"]?.string }.joined() ?? ""
    }
}

extension Usage {
    /// Reads OpenAI's `usage`; nil where it is missing or not made of counts.
    init?(openAI value: JSONValue?) {
        guard let prompt = value?[key: "prompt_tokens"]?.integer, prompt >= 0 else { return nil }
        let completion = value?[key: "completion_tokens"]
        guard let completionTokens = completion == nil ? 0 : completion?.integer, completionTokens >= 0 else {
            return nil
        }
        let total = value?[key: "total_tokens"]?.integer
        self.init(
            promptTokens: prompt,
            completionTokens: completionTokens,
            totalTokens: total.flatMap { $0 >= 0 ? $0 : nil }
        )
    }
}
