/// The door a job came in by, which decides how its input is read and its answer shown.
public enum Surface: String, Sendable, CaseIterable {
    /// The native API and the original paths: the body is `{type, model, prompt, …}`.
    case prompt
    /// The OpenAI surface: the body is OpenAI's own.
    case openAI = "openai"
    /// Anthropic's surface: the body is that of Messages.
    case anthropic
    /// OpenAI's Responses.
    case responses
}
