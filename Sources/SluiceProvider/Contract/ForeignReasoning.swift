/// Which of the reasoning in a request another account has issued, so that the one that is asked can't read it.
///
/// A caller sends back all that was answered before, and a conversation grows at its end: what one account has not written stands
/// at its beginning.
public enum ForeignReasoning: Sendable, Hashable {
    /// What stands in so many entries of the conversation, from its first on; none of it in a conversation that is shorter, since its
    /// caller has written that one anew.
    case first(Int)
    /// All of it.
    case all

    /// Up to which entry of a conversation of `count` it stands.
    public func end(of count: Int) -> Int {
        switch self {
        case .first(let entries): entries <= count ? entries : 0
        case .all: count
        }
    }
}
