import SluiceTypes

/// Whom something is shut for.
///
/// What the calls of one owner have met shuts nothing for others until one of theirs has met it too: it may lie in what
/// that owner sends.
enum Affected: Hashable, Sendable {
    case owner(OwnerID)
    case all

    /// Whether calls of `owner` are held up; nil stands for whoever is not named.
    func includes(_ owner: OwnerID?) -> Bool {
        switch self {
        case .all: true
        case .owner(let named): named == owner || !Promise.shutByOwner.holds
        }
    }

    /// A call of `owner` has met it too.
    mutating func widen(by owner: OwnerID) {
        if self != .owner(owner) { self = .all }
    }

    /// The one owner; nil where it is shut for all.
    var owner: OwnerID? {
        if case .owner(let owner) = self { owner } else { nil }
    }
}
