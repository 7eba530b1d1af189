import GRDB
import SluiceStore
import SluiceTypes

/// Stores a new API token, and its owner where one is given.
struct InsertToken: WriteOperation {
    var token: TokenRecord
    var newOwner: OwnerRecord?
    var audit: AuditEntry

    func run(_ db: Database, _ state: inout WriterState) throws -> Insertion {
        if token.isImported, try db.first("SELECT 1 FROM token WHERE hash = ?1", token.hash, read: { $0.bool() }) != nil
        {
            return .known
        }
        if let newOwner {
            let added = try db.run(
                "INSERT OR IGNORE INTO owner (id, name, created_at) VALUES (?1, ?2, ?3)",
                newOwner.id,
                newOwner.name,
                newOwner.createdAt
            )
            if added == 0 { return .ownerExists }
        }
        guard
            try db.first("SELECT 1 FROM owner WHERE id = ?1 AND deleted_at IS NULL", token.owner, read: { $0.bool() })
                != nil
        else {
            // The owner who was just added is another one; nothing of this may stay.
            if let newOwner { try db.run("DELETE FROM owner WHERE id = ?1", newOwner.id) }
            return .ownerMissing
        }
        try db.insert(token)
        try db.append(audit)
        return .inserted
    }
}

/// Stores a successor and lets the old API token end.
struct RotateToken: WriteOperation {
    var old: TokenID
    var successor: TokenRecord
    var oldEndsAt: Timestamp
    var audit: AuditEntry

    func run(_ db: Database, _ state: inout WriterState) throws -> Rotation {
        guard let token = try db.token(old) else { return .notFound }
        let hasExpired = token.expiresAt.map { $0 <= audit.at } == true
        guard token.revokedAt == nil, token.replacedBy == nil, !hasExpired else {
            return .ended(replacedBy: token.replacedBy)
        }
        try db.insert(successor)
        // The same limits, and what is left of them: a rotation gives no fresh budget.
        let shared = try db.run(
            """
            INSERT INTO limits_share (token, account)
            SELECT ?2, coalesce((SELECT account FROM limits_share WHERE token = ?1), ?1)
            WHERE EXISTS (SELECT 1 FROM limits WHERE account = ?1) OR EXISTS (SELECT 1 FROM limits_share WHERE token = ?1)
            """,
            old,
            successor.id
        )
        if shared > 0 { state.budgets = nil }
        try db.run(
            "UPDATE token SET replaced_by = ?2, expires_at = ?3 WHERE id = ?1",
            old,
            successor.id,
            min(token.expiresAt ?? oldEndsAt, oldEndsAt)
        )
        try db.append(audit)
        return .rotated
    }
}

/// Ends an API token; false when there is none.
struct RevokeToken: WriteOperation {
    var id: TokenID
    var now: Timestamp
    var audit: AuditEntry

    var makesRoom: Bool { true }

    func run(_ db: Database, _ state: inout WriterState) throws -> Bool {
        let found = try db.run("UPDATE token SET revoked_at = coalesce(revoked_at, ?2) WHERE id = ?1", id, now)
        guard found > 0 else { return false }
        try db.append(audit)
        return true
    }
}

/// Writes down when API tokens were last used.
struct TouchTokens: WriteOperation {
    var uses: [TokenID: Timestamp]

    func run(_ db: Database, _ state: inout WriterState) throws {
        for (id, moment) in uses {
            try db.run(
                "UPDATE token SET last_used_at = ?2 WHERE id = ?1 AND (last_used_at IS NULL OR last_used_at < ?2)",
                id,
                moment
            )
        }
    }
}

extension Database {
    fileprivate func insert(_ token: TokenRecord) throws {
        try run(
            """
            INSERT INTO token (id, owner, name, hash, imported, scopes, types, models, tag, created_at, expires_at,
                               last_used_at, replaced_by, revoked_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
            """,
            token.id,
            token.owner,
            token.name,
            token.hash,
            token.isImported,
            WordList.text(token.scopes.map(\.rawValue)),
            token.types.map { WordList.text($0.map(\.rawValue)) },
            token.models.map(LineList.text),
            token.tag,
            token.createdAt,
            token.expiresAt,
            token.lastUsedAt,
            token.replacedBy,
            token.revokedAt
        )
    }
}
