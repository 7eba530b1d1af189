/// How much the model may write.
public struct HubLimit: Hashable, Sendable {
    /// The largest number of tokens.
    public var tokens: SpelledJSON
    /// Whether the caller's word for it says that tokens of reasoning count, as `max_completion_tokens` does.
    public var countsReasoning: Bool

    /// Creates a limit.
    public init(_ tokens: SpelledJSON, countsReasoning: Bool = false) {
        self.tokens = tokens
        self.countsReasoning = countsReasoning
    }
}
