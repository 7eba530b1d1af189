import GRDB
package import SluiceStore
package import SluiceTypes

extension SQLiteStore {
    package func insert(
        _ token: TokenRecord,
        newOwner: OwnerRecord?,
        audit: AuditEntry
    ) async throws(StoreError) -> Insertion {
        try await write(InsertToken(token: token, newOwner: newOwner, audit: audit))
    }

    package func rotate(
        _ old: TokenID,
        to successor: TokenRecord,
        oldEndsAt: Timestamp,
        audit: AuditEntry
    ) async throws(StoreError) -> Rotation {
        try await write(RotateToken(old: old, successor: successor, oldEndsAt: oldEndsAt, audit: audit))
    }

    package func revoke(_ id: TokenID, at now: Timestamp, audit: AuditEntry) async throws(StoreError) -> Bool {
        try await write(RevokeToken(id: id, now: now, audit: audit))
    }

    package func touch(_ uses: [TokenID: Timestamp]) async throws(StoreError) {
        guard !uses.isEmpty else { return }
        try await write(TouchTokens(uses: uses))
    }

    package func token(_ id: TokenID) async throws(StoreError) -> TokenRecord? {
        try await read { db in try db.token(id) }
    }

    package func tokens(owner: OwnerID?) async throws(StoreError) -> [TokenRecord] {
        try await read { db in
            try db.all(
                """
                SELECT \(TokenRecord.columns) FROM token WHERE ?1 IS NULL OR owner = ?1 ORDER BY created_at, rowid
                """,
                owner
            ) { TokenRecord(&$0) }
        }
    }

    package func importedTokens() async throws(StoreError) -> [TokenRecord] {
        try await read { db in
            try db.all(
                "SELECT \(TokenRecord.columns) FROM token WHERE imported = 1 AND revoked_at IS NULL"
            ) { TokenRecord(&$0) }
        }
    }

    package func owner(_ id: OwnerID) async throws(StoreError) -> OwnerRecord? {
        try await read { db in
            try db.first("SELECT \(OwnerRecord.columns) FROM owner WHERE id = ?1", id) { OwnerRecord(&$0) }
        }
    }

    package func owner(named name: String) async throws(StoreError) -> OwnerRecord? {
        try await read { db in
            try db.first("SELECT \(OwnerRecord.columns) FROM owner WHERE name = ?1", name) { OwnerRecord(&$0) }
        }
    }

    package func insert(owner: OwnerRecord, audit: AuditEntry) async throws(StoreError) -> Bool {
        try await write(InsertOwner(owner: owner, audit: audit))
    }

    package func change(
        owner: OwnerID,
        _ change: OwnerChange,
        audit: AuditEntry
    ) async throws(StoreError) -> OwnerChanged {
        try await write(ChangeOwner(id: owner, change: change, audit: audit))
    }

    package func narrow(
        _ id: TokenID,
        types: Set<SluiceTypes.Operation>?,
        models: [String]?,
        audit: AuditEntry
    ) async throws(StoreError) -> TokenRecord? {
        try await write(NarrowToken(id: id, types: types, models: models, audit: audit))
    }

    package func deleteOwner(
        _ id: OwnerID,
        at now: Timestamp,
        audit: AuditEntry
    ) async throws(StoreError) -> OwnerRecord? {
        try await write(DeleteOwner(id: id, now: now, audit: audit))
    }

    package func ownersToClear() async throws(StoreError) -> [OwnerID] {
        try await read { db in
            try db.all(
                "SELECT id FROM owner INDEXED BY owner_uncleared WHERE deleted_at IS NOT NULL AND cleared_at IS NULL"
            ) { OwnerID(rawValue: $0.text()) }
        }
    }

    package func noteCleared(_ id: OwnerID, at now: Timestamp) async throws(StoreError) {
        try await write(NoteCleared(id: id, now: now))
    }

    package func owners() async throws(StoreError) -> [OwnerRecord] {
        try await read { db in
            try db.all("SELECT \(OwnerRecord.columns) FROM owner ORDER BY created_at, rowid") { OwnerRecord(&$0) }
        }
    }

    package func append(_ entry: AuditEntry) async throws(StoreError) {
        try await write(AppendAudit(entry: entry))
    }

    package func audit(_ query: AuditQuery) async throws(StoreError) -> [AuditEntry] {
        try await read { db in
            try db.all(
                """
                SELECT at, actor, action, subject, result FROM audit
                WHERE (?1 IS NULL OR at >= ?1) AND (?2 IS NULL OR actor = ?2 OR subject = ?2)
                      AND (?3 IS NULL OR action = ?3 OR substr(action, -length(?3) - 1) = '.' || ?3)
                ORDER BY seq DESC LIMIT ?4
                """,
                query.since,
                query.token,
                query.action,
                max(query.limit, 0)
            ) { AuditEntry(&$0) }
        }
    }

    package func record(config json: [UInt8], hash: String, at now: Timestamp) async throws(StoreError) {
        try await write(KeepConfig(hash: hash, json: json, now: now))
    }

    package func pauses() async throws(StoreError) -> [RowPause] {
        try await read { db in
            try db.all("SELECT row, since, actor FROM row_pause ORDER BY row") { row in
                RowPause(row: row.text(), since: row.time(), actor: row.text())
            }
        }
    }

    package func pause(_ pause: RowPause, audit: AuditEntry) async throws(StoreError) -> Bool {
        try await write(PauseRow(pause: pause, audit: audit))
    }

    package func resume(row: String, audit: AuditEntry) async throws(StoreError) -> Bool {
        try await write(ResumeRow(row: row, audit: audit))
    }

    package func config(_ hash: String) async throws(StoreError) -> [UInt8]? {
        try await read { db in
            try db.first("SELECT json FROM config WHERE hash = ?1", hash) { $0.bytes() }
        }
    }
}
