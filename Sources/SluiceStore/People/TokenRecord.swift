package import SluiceTypes

/// An API token as it is kept: its secret only as a hash.
package struct TokenRecord: Sendable, Hashable {
    package var id: TokenID
    package var owner: OwnerID
    package var name: String
    /// SHA-256 of the whole token, 32 bytes.
    package var hash: [UInt8]
    /// True for one that an operator brought, whose id says nothing of its text.
    package var isImported: Bool
    package var scopes: Set<Scope>
    /// See ``Caller/types``.
    package var types: Set<Operation>?
    /// See ``Caller/models``.
    package var models: [String]?
    /// See ``Caller/tag``.
    package var tag: String?
    package var createdAt: Timestamp
    package var expiresAt: Timestamp?
    /// To the minute.
    package var lastUsedAt: Timestamp?
    package var replacedBy: TokenID?
    package var revokedAt: Timestamp?
    /// Whether its owner is disabled, which is the owner's to say and is kept there.
    package var isOwnerDisabled = false

    /// How long before its end whoever uses it is told.
    package static let notice = Duration.seconds(14 * 86_400)

    /// Whether its end is near, and nobody has seen to it.
    package func isEnding(at now: Timestamp) -> Bool {
        guard revokedAt == nil, replacedBy == nil, let expiresAt else { return false }
        return expiresAt > now && expiresAt.since(now) <= TokenRecord.notice
    }

    package init(
        id: TokenID,
        owner: OwnerID,
        name: String,
        hash: [UInt8],
        isImported: Bool = false,
        scopes: Set<Scope>,
        types: Set<Operation>? = nil,
        models: [String]? = nil,
        tag: String? = nil,
        createdAt: Timestamp,
        expiresAt: Timestamp?,
        lastUsedAt: Timestamp? = nil,
        replacedBy: TokenID? = nil,
        revokedAt: Timestamp? = nil
    ) {
        self.id = id
        self.owner = owner
        self.name = name
        self.hash = hash
        self.isImported = isImported
        self.scopes = scopes
        self.types = types
        self.models = models
        self.tag = tag
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.lastUsedAt = lastUsedAt
        self.replacedBy = replacedBy
        self.revokedAt = revokedAt
    }
}
