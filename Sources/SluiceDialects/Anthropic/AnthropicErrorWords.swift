import SluiceTypes

/// The words by which Anthropic, and providers that speak its dialect, say what went wrong.
///
/// Source: Anthropic's API reference, "Errors"; Z.AI's API reference, "Business error codes", which stand where the type is expected.
enum AnthropicErrorWords {
    /// What a type stands for, in small letters.
    ///
    /// `invalid_request_error` and `api_error` are not among them: they are given to whatever has no type of its own.
    static let types: [String: ErrorClass] = [
        "authentication_error": .authentication,
        "billing_error": .quota,
        "permission_error": .permission,
        "not_found_error": .invalidModel,
        "conflict_error": .server,
        "request_too_large": .invalidRequest,
        "rate_limit_error": .rateLimit,
        "timeout_error": .timeout,
        "overloaded_error": .overloaded,
        "1113": .quota,
        "1211": .invalidModel,
        "1301": .contentFilter,
    ]

    /// What a sentence says of the whole account; nil where it says nothing of the kind.
    ///
    /// Anthropic calls it an invalid request with status 400. It shuts a row for everybody, so a sentence has to begin with such
    /// words: further in it may quote what a caller wrote.
    static func ofAccount(_ message: String) -> ErrorClass? {
        let text = message.lowercased()
        if spent.contains(where: text.hasPrefix) { return .quota }
        return disabled.contains(where: text.hasPrefix) ? .authentication : nil
    }

    /// Whether the sentence of a 404 names nothing that is missing: then it is the path, as when `/v1` is left out of a `baseURL`.
    static func isOfPath(_ message: String) -> Bool {
        ["not found", "not found."].contains(message.lowercased())
    }

    /// Whether a sentence says that a filter refused the request or its answer.
    static func isOfFilter(_ message: String) -> Bool {
        let text = message.lowercased()
        return filtered.contains { text.contains($0) }
    }

    private static let spent = [
        "your credit balance is too low", "insufficient balance", "you have reached your specified api usage limits",
        "you have reached your specified workspace api usage limits",
    ]

    private static let disabled = ["this organization has been disabled", "your organization has been disabled"]

    private static let filtered = [
        "content filtering policy", "content policy", "usage policy", "usage policies", "was flagged", "been flagged",
        "unsafe or sensitive content",
    ]
}
