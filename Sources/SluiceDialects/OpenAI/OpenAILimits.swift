import SluiceProvider

/// What providers that speak OpenAI's dialect say of their limits: the fields `x-ratelimit-…`.
///
/// Source: OpenAI's guide "Rate limits", "Rate limits in headers".
enum OpenAILimits {
    static func events(in head: ResponseHead) -> [ReplyEvent] {
        let said = head.headers.filter { $0.isNamed(withPrefix: "x-ratelimit-") }
        guard !said.isEmpty else { return [] }
        return [.limits(Dictionary(said.map { ($0.name.lowercased(), $0.value) }) { first, _ in first })]
    }
}
