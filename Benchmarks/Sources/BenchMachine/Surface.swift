/// The protocols in which a chat is asked for: the load speaks them to the gateway, and the gateway to the upstream.
package enum Surface: String, CaseIterable, Sendable {
    /// OpenAI's chat completions.
    case chat
    /// Anthropic's Messages.
    case messages
    /// OpenAI's Responses.
    case responses

    /// Where its calls go.
    package var path: String {
        switch self {
        case .chat: "/v1/chat/completions"
        case .messages: "/v1/messages"
        case .responses: "/v1/responses"
        }
    }

    /// The model of the row that speaks it.
    package var model: String {
        switch self {
        case .chat: "bench"
        case .messages, .responses: "bench-\(rawValue)"
        }
    }

    /// The adapter of that row.
    package var adapter: String {
        switch self {
        case .chat: "openai-chat"
        case .messages: "anthropic-messages"
        case .responses: "openai-responses"
        }
    }

    /// The line that only a stream which is whole has.
    package var streamEnd: String {
        switch self {
        case .chat: "data: [DONE]"
        case .messages: "event: message_stop"
        case .responses: "event: response.completed"
        }
    }
}
