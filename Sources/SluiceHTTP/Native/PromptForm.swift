/// The two ways to send a native prompt.
enum PromptForm {
    /// `POST /v1/prompts`.
    case native
    /// `POST /gpt/prompt`, which has the fields that it always had.
    case original

    /// The path, without a stage.
    var path: String {
        switch self {
        case .native: "/v1/prompts"
        case .original: "/gpt/prompt"
        }
    }
}
