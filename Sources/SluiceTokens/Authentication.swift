import SluiceStore
package import SluiceTypes

/// What came of an `Authorization` field.
package enum Authentication: Sendable, Hashable {
    /// A token that is good now.
    case caller(Caller)
    /// No field at all, or an empty one.
    case missing
    /// A scheme that is not `Bearer`.
    case wrongScheme
    /// No token of ours: its shape or checksum is wrong. Nothing was looked up.
    case junk
    /// Well formed, but no such token, or not its secret.
    case unknown
    /// The token has ended.
    case expired(Timestamp)
    case revoked
    /// Its owner is disabled.
    case ownerDisabled
    /// The token can't be looked up now.
    case storeDown
}

extension Caller {
    /// When the API token ends, once that is at most 14 days away; nil before.
    package func expiryWarning(at now: Timestamp) -> Timestamp? {
        guard let expiresAt, expiresAt.since(now) <= TokenRecord.notice else { return nil }
        return expiresAt
    }
}
