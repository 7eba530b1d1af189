/// What is asked of a model; on the wire the request's `type`.
public enum Operation: String, Sendable, CaseIterable {
    case chat
    case completion
    case embedding
}
