import SluiceProvider

/// What providers that speak Messages say of their limits: the fields `anthropic-ratelimit-…`, and `retry-after`.
///
/// Source: Anthropic's API reference, "Rate limits", "Response headers".
enum AnthropicLimits {
    static func events(in head: ResponseHead) -> [ReplyEvent] {
        let said = head.headers.filter { $0.isNamed(withPrefix: "anthropic-ratelimit-") || $0.isNamed("retry-after") }
        guard !said.isEmpty else { return [] }
        return [.limits(Dictionary(said.map { ($0.name.lowercased(), $0.value) }) { first, _ in first })]
    }
}
