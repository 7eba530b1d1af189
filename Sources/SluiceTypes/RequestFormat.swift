/// The shape of a stored request.
public enum RequestFormat: String, Sendable, CaseIterable {
    /// The native body, `{type, model, prompt, …}`.
    case prompt
    case openAIChat = "openai-chat"
    case openAICompletion = "openai-completion"
    case openAIEmbedding = "openai-embedding"
    /// The body of Anthropic's Messages.
    case anthropicMessages = "anthropic-messages"
    /// The body of OpenAI's Responses.
    case openAIResponses = "openai-responses"
    /// The body of a wish for a conversation of OpenAI's Responses to be made short.
    case openAICompaction = "openai-responses-compact"

    /// The format of OpenAI's body for `operation`.
    public init(openAI operation: Operation) {
        switch operation {
        case .chat: self = .openAIChat
        case .completion: self = .openAICompletion
        case .embedding: self = .openAIEmbedding
        }
    }
}
