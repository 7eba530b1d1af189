import SluiceTypes

extension RequestFormat {
    /// Where a request of this format is sent; nil for one that no surface takes yet.
    var path: String? {
        switch self {
        case .prompt: "/v1/prompts"
        case .openAIChat: "/v1/chat/completions"
        case .openAICompletion: "/v1/completions"
        case .openAIEmbedding: "/v1/embeddings"
        case .anthropicMessages: "/v1/messages"
        case .openAIResponses: "/v1/responses"
        case .openAICompaction: "/v1/responses/compact"
        }
    }
}
