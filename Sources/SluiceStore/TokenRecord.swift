package import SluiceTypes

/// Whoever has jobs, limits and idempotency keys.
package struct OwnerRecord: Sendable, Hashable {
    package var id: OwnerID
    /// Unique, given by the operator.
    package var name: String
    package var createdAt: Timestamp

    package init(id: OwnerID, name: String, createdAt: Timestamp) {
        self.id = id
        self.name = name
        self.createdAt = createdAt
    }
}

/// An API token as it is kept: its secret only as a hash.
package struct TokenRecord: Sendable, Hashable {
    package var id: TokenID
    package var owner: OwnerID
    package var name: String
    /// SHA-256 of the whole token, 32 bytes.
    package var hash: [UInt8]
    package var scopes: Set<Scope>
    /// See ``Caller/types``.
    package var types: Set<Operation>?
    /// See ``Caller/models``.
    package var models: [String]?
    package var createdAt: Timestamp
    package var expiresAt: Timestamp?
    /// To the minute.
    package var lastUsedAt: Timestamp?
    package var replacedBy: TokenID?
    package var revokedAt: Timestamp?

    package init(
        id: TokenID,
        owner: OwnerID,
        name: String,
        hash: [UInt8],
        scopes: Set<Scope>,
        types: Set<Operation>? = nil,
        models: [String]? = nil,
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
        self.scopes = scopes
        self.types = types
        self.models = models
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.lastUsedAt = lastUsedAt
        self.replacedBy = replacedBy
        self.revokedAt = revokedAt
    }
}

/// One line of the audit: who did what to which thing, and how it went.
///
/// Never a secret.
package struct AuditEntry: Sendable, Hashable {
    package var at: Timestamp
    /// Who: `operator` for the CLI and the admin socket, else an API token's id.
    package var actor: String
    /// What, as in `token.create`.
    package var action: String
    /// The id of the thing, empty for none.
    package var subject: String
    /// `ok`, or one sentence.
    package var result: String

    package init(at: Timestamp, actor: String, action: String, subject: String, result: String) {
        self.at = at
        self.actor = actor
        self.action = action
        self.subject = subject
        self.result = result
    }
}

/// Which audit lines to read, newest first.
package struct AuditQuery: Sendable {
    package var since: Timestamp?
    /// Only lines whose actor or subject is this API token.
    package var token: TokenID?
    /// Only actions that are this, or end in `.` and this: `create` finds `token.create`.
    package var action: String?
    package var limit: Int

    package init(since: Timestamp? = nil, token: TokenID? = nil, action: String? = nil, limit: Int) {
        self.since = since
        self.token = token
        self.action = action
        self.limit = limit
    }
}
