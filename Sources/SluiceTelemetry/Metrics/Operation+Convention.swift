import SluiceTypes

extension SluiceTypes.Operation {
    /// As `gen_ai.operation.name` has it.
    var conventionalName: String {
        switch self {
        case .chat: "chat"
        case .completion: "text_completion"
        case .embedding: "embeddings"
        }
    }
}
