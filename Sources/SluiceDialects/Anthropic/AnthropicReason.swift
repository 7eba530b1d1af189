import SluiceJSON

/// Puts Anthropic's `stop_reason` into the gateway's words for it.
///
/// Source: Anthropic's guide "Handling stop reasons".
enum AnthropicReason {
    /// The word for `value`; nil for an answer that goes on.
    ///
    /// A reason that is not in the table, `pause_turn` and `compaction` among them, keeps its own word: for a caller who speaks
    /// Messages the answer is whole, whatever he does next.
    static func word(_ value: JSONValue?) -> String? {
        FinishReason.word(value).map { words[$0] ?? $0 }
    }

    private static let words = [
        "end_turn": "stop",
        "stop_sequence": "stop",
        "max_tokens": "length",
        "model_context_window_exceeded": "length",
        "tool_use": "tool_calls",
        "refusal": "content_filter",
    ]
}
