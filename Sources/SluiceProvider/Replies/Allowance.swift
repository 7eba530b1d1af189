/// What a provider counts of an account, and says of what is left.
public enum Allowance: String, Sendable, CaseIterable {
    case requests
    case tokens
    case inputTokens = "input_tokens"
    case outputTokens = "output_tokens"

    /// What `head` says is left of each; empty where it says nothing.
    ///
    /// Source: OpenAI's guide "Rate limits", "Rate limits in headers"; Anthropic's API reference, "Rate limits", "Response headers".
    public static func left(_ head: ResponseHead) -> [Allowance: Int64] {
        var left: [Allowance: Int64] = [:]
        // Most fields are shorter than any of these, and so need no second look.
        for field in head.headers where field.name.utf8.count >= shortest {
            guard let allowance = names[field.name.lowercased()], let count = Int64(field.value), count >= 0 else {
                continue
            }
            left[allowance] = count
        }
        return left
    }

    private static let names: [String: Allowance] = [
        "x-ratelimit-remaining-requests": .requests,
        "x-ratelimit-remaining-tokens": .tokens,
        "anthropic-ratelimit-requests-remaining": .requests,
        "anthropic-ratelimit-tokens-remaining": .tokens,
        "anthropic-ratelimit-input-tokens-remaining": .inputTokens,
        "anthropic-ratelimit-output-tokens-remaining": .outputTokens,
    ]

    private static let shortest = names.keys.map(\.utf8.count).min() ?? 0
}
