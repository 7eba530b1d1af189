import GRDB
import SluiceStore
import SluiceTypes

extension OwnerRecord {
    static let columns = "id, name, created_at, deleted_at, disabled_at"

    init(_ row: inout RowReader) {
        self.init(id: OwnerID(rawValue: row.text()), name: row.text(), createdAt: row.time())
        deletedAt = row.optional { $0.time() }
        disabledAt = row.optional { $0.time() }
    }
}

extension TokenRecord {
    static let columns = """
        id, owner, name, hash, imported, scopes, types, models, tag, created_at, expires_at, last_used_at, replaced_by,
        revoked_at, EXISTS (SELECT 1 FROM owner WHERE owner.id = token.owner AND disabled_at IS NOT NULL)
        """

    /// Scopes and types that are not known are left out: the token may do less then, never more.
    init(_ row: inout RowReader) {
        self.init(
            id: TokenID(rawValue: row.text()),
            owner: OwnerID(rawValue: row.text()),
            name: row.text(),
            hash: row.bytes(),
            isImported: row.bool(),
            scopes: Set(WordList.words(row.text()).compactMap { Scope(rawValue: String($0)) }),
            types: row.optional { row in
                Set(WordList.words(row.text()).compactMap { SluiceTypes.Operation(rawValue: String($0)) })
            },
            models: row.optional { LineList.lines($0.text()) },
            tag: row.optional { $0.text() },
            createdAt: row.time(),
            expiresAt: row.optional { $0.time() },
            lastUsedAt: row.optional { $0.time() },
            replacedBy: row.optional { TokenID(rawValue: $0.text()) },
            revokedAt: row.optional { $0.time() }
        )
        isOwnerDisabled = row.bool()
    }
}

extension AuditEntry {
    init(_ row: inout RowReader) {
        self.init(at: row.time(), actor: row.text(), action: row.text(), subject: row.text(), result: row.text())
    }
}

extension Database {
    func token(_ id: TokenID) throws -> TokenRecord? {
        try first("SELECT \(TokenRecord.columns) FROM token WHERE id = ?1", id) { TokenRecord(&$0) }
    }
}
