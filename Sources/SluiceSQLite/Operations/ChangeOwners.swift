import GRDB
import SluiceStore
import SluiceTypes

/// Stores an owner without any token; false where another has the name.
struct InsertOwner: WriteOperation {
    var owner: OwnerRecord
    var audit: AuditEntry

    func run(_ db: Database, _ state: inout WriterState) throws -> Bool {
        let added = try db.run(
            "INSERT OR IGNORE INTO owner (id, name, created_at) VALUES (?1, ?2, ?3)",
            owner.id,
            owner.name,
            owner.createdAt
        )
        if added > 0 { try db.append(audit) }
        return added > 0
    }
}

/// Changes an owner that was not deleted.
struct ChangeOwner: WriteOperation {
    var id: OwnerID
    var change: OwnerChange
    var audit: AuditEntry

    func run(_ db: Database, _ state: inout WriterState) throws -> OwnerChanged {
        let known = try db.first(
            "SELECT \(OwnerRecord.columns) FROM owner WHERE id = ?1 AND deleted_at IS NULL",
            id
        ) { OwnerRecord(&$0) }
        guard var owner = known else { return .notFound }
        switch change {
        case .rename(let name):
            let other = try db.first("SELECT id FROM owner WHERE name = ?1", name) { OwnerID(rawValue: $0.text()) }
            guard other == nil || other == id else { return .nameTaken }
            owner.name = name
        case .disable(let moment): owner.disabledAt = owner.disabledAt ?? moment
        case .enable: owner.disabledAt = nil
        }
        try db.run("UPDATE owner SET name = ?2, disabled_at = ?3 WHERE id = ?1", id, owner.name, owner.disabledAt)
        try db.append(audit)
        return .changed(owner)
    }
}

/// Narrows an API token; nil where there is none.
struct NarrowToken: WriteOperation {
    var id: TokenID
    var types: Set<SluiceTypes.Operation>?
    var models: [String]?
    var audit: AuditEntry

    func run(_ db: Database, _ state: inout WriterState) throws -> TokenRecord? {
        try db.run(
            "UPDATE token SET types = ?2, models = ?3 WHERE id = ?1",
            id,
            types.map { WordList.text($0.map(\.rawValue)) },
            models.map(LineList.text)
        )
        guard let token = try db.token(id) else { return nil }
        try db.append(audit)
        return token
    }
}
