/// The two kinds of tools that the caller runs.
public enum HubToolKind: String, Hashable, Sendable {
    /// Called with a JSON object.
    case function
    /// Called with free text.
    case custom
}
