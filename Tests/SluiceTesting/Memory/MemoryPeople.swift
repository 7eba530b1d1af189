import SluiceStore
import SluiceTypes

/// Owners, API tokens and the audit of a ``MemoryStore``.
struct MemoryPeople: Sendable {
    /// In the order of their arrival.
    private(set) var owners: [OwnerRecord] = []
    private(set) var tokens: [TokenRecord] = []
    private(set) var audit: [AuditEntry] = []

    func token(_ id: TokenID) -> TokenRecord? {
        tokens.first { $0.id == id }.map(shown)
    }

    /// With what is its owner's to say.
    func shown(_ token: TokenRecord) -> TokenRecord {
        var token = token
        token.isOwnerDisabled = owners.contains { $0.id == token.owner && $0.disabledAt != nil }
        return token
    }

    mutating func insert(_ owner: OwnerRecord, _ entry: AuditEntry) -> Bool {
        guard !owners.contains(where: { $0.name == owner.name || $0.id == owner.id }) else { return false }
        owners.append(owner)
        append(entry)
        return true
    }

    mutating func change(_ id: OwnerID, _ change: OwnerChange, _ entry: AuditEntry) -> OwnerChanged {
        guard let place = owners.firstIndex(where: { $0.id == id && $0.deletedAt == nil }) else { return .notFound }
        switch change {
        case .rename(let name):
            guard !owners.contains(where: { $0.name == name && $0.id != id }) else { return .nameTaken }
            owners[place].name = name
        case .disable(let moment): owners[place].disabledAt = owners[place].disabledAt ?? moment
        case .enable: owners[place].disabledAt = nil
        }
        append(entry)
        return .changed(owners[place])
    }

    mutating func narrow(
        _ id: TokenID,
        _ types: Set<SluiceTypes.Operation>?,
        _ models: [String]?,
        _ entry: AuditEntry
    ) -> TokenRecord? {
        guard let place = tokens.firstIndex(where: { $0.id == id }) else { return nil }
        tokens[place].types = types
        tokens[place].models = models
        append(entry)
        return shown(tokens[place])
    }

    mutating func append(_ entry: AuditEntry) {
        audit.append(entry)
    }

    /// Takes out the oldest lines; answers how many.
    mutating func cutAudit(before start: Timestamp, _ limit: Int) -> Int {
        let old = audit.prefix(max(limit, 0)).prefix { $0.at < start }.count
        audit.removeFirst(old)
        return old
    }

    /// - Throws: ``StoreError`` for an id that is taken.
    mutating func insert(
        _ token: TokenRecord,
        newOwner: OwnerRecord?,
        _ entry: AuditEntry
    ) throws(StoreError) -> Insertion {
        if token.isImported, tokens.contains(where: { $0.hash == token.hash }) { return .known }
        if let newOwner {
            guard !owners.contains(where: { $0.name == newOwner.name || $0.id == newOwner.id }) else {
                return .ownerExists
            }
        }
        guard newOwner?.id == token.owner || owners.contains(where: { $0.id == token.owner && $0.deletedAt == nil })
        else {
            return .ownerMissing
        }
        try add(token)
        if let newOwner { owners.append(newOwner) }
        append(entry)
        return .inserted
    }

    /// The owner under its new name; nil where there is none that was not deleted before.
    mutating func deleteOwner(_ id: OwnerID, at now: Timestamp, _ entry: AuditEntry) -> OwnerRecord? {
        guard let place = owners.firstIndex(where: { $0.id == id && $0.deletedAt == nil }) else { return nil }
        var number = owners.count { $0.deletedAt != nil } + 1
        while owners.contains(where: { $0.name == "deleted-\(number)" }) { number += 1 }
        owners[place].name = "deleted-\(number)"
        owners[place].deletedAt = now
        for token in tokens.indices where tokens[token].owner == id {
            tokens[token].name = "deleted"
            tokens[token].models = tokens[token].models.map { _ in [] }
            tokens[token].tag = nil
            tokens[token].revokedAt = tokens[token].revokedAt ?? now
        }
        append(entry)
        return owners[place]
    }

    /// - Throws: ``StoreError`` for an id that is taken.
    mutating func rotate(
        _ old: TokenID,
        to successor: TokenRecord,
        oldEndsAt: Timestamp,
        _ entry: AuditEntry
    ) throws(StoreError) -> Rotation {
        guard let place = tokens.firstIndex(where: { $0.id == old }) else { return .notFound }
        let token = tokens[place]
        let hasExpired = token.expiresAt.map { $0 <= entry.at } == true
        guard token.revokedAt == nil, token.replacedBy == nil, !hasExpired else {
            return .ended(replacedBy: token.replacedBy)
        }
        try add(successor)
        tokens[place].replacedBy = successor.id
        tokens[place].expiresAt = min(token.expiresAt ?? oldEndsAt, oldEndsAt)
        append(entry)
        return .rotated
    }

    mutating func revoke(_ id: TokenID, at now: Timestamp, _ entry: AuditEntry) -> Bool {
        guard let place = tokens.firstIndex(where: { $0.id == id }) else { return false }
        tokens[place].revokedAt = tokens[place].revokedAt ?? now
        append(entry)
        return true
    }

    mutating func touch(_ uses: [TokenID: Timestamp]) {
        for place in tokens.indices {
            guard let use = uses[tokens[place].id] else { continue }
            tokens[place].lastUsedAt = max(tokens[place].lastUsedAt ?? use, use)
        }
    }

    func lines(_ query: AuditQuery) -> [AuditEntry] {
        Array(audit.reversed().filter(query.wants).prefix(max(query.limit, 0)))
    }

    private mutating func add(_ token: TokenRecord) throws(StoreError) {
        guard self.token(token.id) == nil else {
            throw StoreError(.corrupt, "an API token \(token.id) is stored already; make a new id for each token")
        }
        tokens.append(token)
    }
}

extension AuditQuery {
    fileprivate func wants(_ entry: AuditEntry) -> Bool {
        if let since, entry.at < since { return false }
        if let token, entry.actor != token.rawValue, entry.subject != token.rawValue { return false }
        if let action, entry.action != action, !entry.action.hasSuffix(".\(action)") { return false }
        return true
    }
}
