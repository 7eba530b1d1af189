/// What a provider can be asked beside an answer: nothing is generated for it, and nothing is paid.
public enum Inquiry: Sendable, Hashable {
    /// How many tokens a request has.
    case countTokens
}
