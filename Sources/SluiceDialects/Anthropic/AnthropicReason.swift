import SluiceJSON

/// Puts Anthropic's `stop_reason` into the words that all dialects share.
///
/// Source: Anthropic's guide "Handling stop reasons".
enum AnthropicReason {
    /// The reason that `value` is; nil for an answer that goes on.
    ///
    /// One that is not in the table, `pause_turn` and `compaction` among them, is a stop: for a caller who speaks Messages the answer
    /// is whole, whatever he does next.
    static func of(_ value: JSONValue?) -> FinishReason? { FinishReason(value, words: words) }

    private static let words = [
        "end_turn": "stop",
        "stop_sequence": "stop",
        "max_tokens": "length",
        "model_context_window_exceeded": "length",
        "tool_use": "tool_calls",
        "refusal": "content_filter",
    ]
}
