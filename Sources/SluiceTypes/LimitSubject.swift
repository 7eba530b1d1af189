/// Whom limits are for.
public enum LimitSubject: Hashable, Sendable {
    case owner(OwnerID)
    /// Of a token, which may only narrow what its owner has.
    case token(TokenID)

    /// The id, which no owner shares with a token.
    public var id: String {
        switch self {
        case .owner(let owner): owner.rawValue
        case .token(let token): token.rawValue
        }
    }
}
