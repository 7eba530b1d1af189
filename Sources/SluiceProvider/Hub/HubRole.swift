/// Who speaks in a turn.
public enum HubRole: String, Hashable, Sendable, CaseIterable {
    case system
    case developer
    case user
    case assistant
    /// Results of calls, and nothing else.
    case tool
}
