/// The kinds of passages of a reasoning.
public enum HubPassageKind: String, Hashable, Sendable {
    /// What the model thought.
    case thought
    /// A summary of what it thought.
    case summary
}
