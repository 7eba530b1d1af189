package import SluiceTypes

/// What a rotation came to.
package enum Rotation: Sendable, Hashable {
    case rotated
    case notFound
    /// The old one was revoked, has expired, or was rotated before, to the one given.
    case ended(replacedBy: TokenID?)
}
