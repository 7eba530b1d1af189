import LoopbackProvider

/// What a prompt makes every provider do, for that prompt alone.
enum ChaosPoison: Sendable, Hashable, CaseIterable {
    /// 402: more than is left.
    case tooDear
    /// 403 that says nothing of the key.
    case forbidden
    /// 413.
    case tooLarge
    /// 403 with words of moderation.
    case flagged
    /// 500.
    case fails
    /// 429, whatever others are told.
    case limited
    /// No answer.
    case hangs
    /// 200, and nothing that can be read.
    case unreadable

    /// What the provider does, and how that counts.
    var reply: (Reply, ChaosCall.Outcome) {
        switch self {
        case .tooDear:
            (.openAIError(402, message: "This request requires more credits, or fewer max_tokens."), .refused(402))
        case .forbidden: (.openAIError(403, message: "You may not ask this of this model."), .refused(403))
        case .tooLarge:
            (
                .openAIError(413, message: "Request too large: Limit 6000, Requested 6294.", type: "tokens"),
                .refused(413)
            )
        case .flagged:
            (.openAIError(403, message: "The prompt was flagged by our moderation."), .refused(403))
        case .fails: (.openAIError(500, type: "server_error"), .failed(500))
        case .limited: (.openAIError(429, type: "requests", code: "rate_limit_exceeded"), .refused(429))
        case .hangs: (.silence, .cut(begun: false))
        case .unreadable: (.response(text: #"{"id":"chatcmpl-1","choices":[{"index":0,"mess"#), .cut(begun: false))
        }
    }
}
