/// A shape in which errors are told.
///
/// A caller whose surface tells them in the same shape as the dialect of the row that answered gets the provider's own, as it came.
public enum ErrorEnvelope: String, Sendable, CaseIterable {
    /// `{"error": {…}}`, as OpenAI tells them on every path.
    ///
    /// Source: the API reference of OpenAI, "Error codes".
    case openAI = "openai"
    /// `{"type": "error", "error": {…}}`.
    ///
    /// Source: the API reference of Anthropic, "Errors".
    case anthropic
}
