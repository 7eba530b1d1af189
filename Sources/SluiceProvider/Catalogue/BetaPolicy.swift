/// Which of the betas that a caller of Anthropic's Messages names a row sends on.
///
/// Source: Anthropic's API reference, "Beta headers".
public enum BetaPolicy: Sendable, Hashable {
    /// All of them, as they were spelt.
    case pass
    /// None: providers that only speak the format refuse betas that they don't know.
    case drop
    /// Those of this list.
    case only([String])

    /// What of a field's value, betas with commas between, is sent on; nil for nothing.
    public func allowed(in value: String) -> String? {
        switch self {
        case .pass: return value
        case .drop: return nil
        case .only(let betas):
            let given = value.split(separator: ",").map { $0.drop { $0 == " " || $0 == "\t" } }
            let kept = given.map { String($0.prefix { $0 != " " && $0 != "\t" }) }.filter(betas.contains)
            return kept.isEmpty ? nil : kept.joined(separator: ",")
        }
    }
}
