/// How the next token is picked: numbers as the caller spelled them, nil where nothing is said.
public struct HubSampling: Hashable, Sendable {
    /// From 0, which is nearly deterministic, to 1 at Anthropic and 2 at OpenAI.
    public var temperature: SpelledJSON?
    /// Only the most likely tokens that together have this probability.
    public var topP: SpelledJSON?
    /// Only so many of the most likely tokens.
    public var topK: SpelledJSON?
    /// How much less likely a token is for each time it stands in the text already.
    public var frequencyPenalty: SpelledJSON?
    /// How much less likely a token is once it stands in the text.
    public var presencePenalty: SpelledJSON?
    /// With the same seed a provider tries to answer the same.
    public var seed: SpelledJSON?

    /// Says nothing, or the temperature alone.
    public init(temperature: SpelledJSON? = nil) {
        self.temperature = temperature
    }
}
