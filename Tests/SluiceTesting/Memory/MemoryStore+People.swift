package import SluiceStore
package import SluiceTypes

extension MemoryStore {
    package func insert(
        _ token: TokenRecord,
        newOwner: OwnerRecord?,
        audit: AuditEntry
    ) async throws(StoreError) -> Insertion {
        try run { (state) throws(StoreError) in try state.people.insert(token, newOwner: newOwner, audit) }
    }

    package func rotate(
        _ old: TokenID,
        to successor: TokenRecord,
        oldEndsAt: Timestamp,
        audit: AuditEntry
    ) async throws(StoreError) -> Rotation {
        try run { (state) throws(StoreError) in
            let rotation = try state.people.rotate(old, to: successor, oldEndsAt: oldEndsAt, audit)
            if case .rotated = rotation {
                let root = state.shares[old] ?? old
                if state.limits[.token(root)] != nil { state.shares[successor.id] = root }
            }
            return rotation
        }
    }

    package func revoke(_ id: TokenID, at now: Timestamp, audit: AuditEntry) async throws(StoreError) -> Bool {
        try run { (state) throws(StoreError) in state.people.revoke(id, at: now, audit) }
    }

    package func touch(_ uses: [TokenID: Timestamp]) async throws(StoreError) {
        try run { (state) throws(StoreError) in state.people.touch(uses) }
    }

    package func token(_ id: TokenID) async throws(StoreError) -> TokenRecord? {
        try run { (state) throws(StoreError) in state.people.token(id) }
    }

    package func tokens(owner: OwnerID?) async throws(StoreError) -> [TokenRecord] {
        try run { (state) throws(StoreError) in
            let tokens = state.people.tokens.filter { owner == nil || $0.owner == owner }
            return tokens.sorted { $0.createdAt < $1.createdAt }.map(state.people.shown)
        }
    }

    package func importedTokens() async throws(StoreError) -> [TokenRecord] {
        try run { (state) throws(StoreError) in
            state.people.tokens.filter { $0.isImported && $0.revokedAt == nil }.map(state.people.shown)
        }
    }

    package func owner(_ id: OwnerID) async throws(StoreError) -> OwnerRecord? {
        try run { (state) throws(StoreError) in state.people.owners.first { $0.id == id } }
    }

    package func owner(named name: String) async throws(StoreError) -> OwnerRecord? {
        try run { (state) throws(StoreError) in state.people.owners.first { $0.name == name } }
    }

    package func insert(owner: OwnerRecord, audit: AuditEntry) async throws(StoreError) -> Bool {
        try run { (state) throws(StoreError) in state.people.insert(owner, audit) }
    }

    package func change(
        owner: OwnerID,
        _ change: OwnerChange,
        audit: AuditEntry
    ) async throws(StoreError) -> OwnerChanged {
        try run { (state) throws(StoreError) in state.people.change(owner, change, audit) }
    }

    package func narrow(
        _ id: TokenID,
        types: Set<SluiceTypes.Operation>?,
        models: [String]?,
        audit: AuditEntry
    ) async throws(StoreError) -> TokenRecord? {
        try run { (state) throws(StoreError) in state.people.narrow(id, types, models, audit) }
    }

    package func deleteOwner(
        _ id: OwnerID,
        at now: Timestamp,
        audit: AuditEntry
    ) async throws(StoreError) -> OwnerRecord? {
        try run { (state) throws(StoreError) in
            guard let owner = state.people.deleteOwner(id, at: now, audit) else { return nil }
            let tokens = state.people.tokens.filter { $0.owner == id }.map(\.id)
            for subject in [LimitSubject.owner(id)] + tokens.map({ .token($0) }) {
                state.limits[subject] = nil
                state.spend[subject.id] = nil
            }
            for token in tokens { state.shares[token] = nil }
            state.uncleared.insert(id)
            return owner
        }
    }

    package func ownersToClear() async throws(StoreError) -> [OwnerID] {
        try run { (state) throws(StoreError) in Array(state.uncleared) }
    }

    package func noteCleared(_ id: OwnerID, at now: Timestamp) async throws(StoreError) {
        try run { (state) throws(StoreError) in _ = state.uncleared.remove(id) }
    }

    package func owners() async throws(StoreError) -> [OwnerRecord] {
        try run { (state) throws(StoreError) in state.people.owners.sorted { $0.createdAt < $1.createdAt } }
    }

    package func append(_ entry: AuditEntry) async throws(StoreError) {
        try run { (state) throws(StoreError) in state.people.append(entry) }
    }

    package func audit(_ query: AuditQuery) async throws(StoreError) -> [AuditEntry] {
        try run { (state) throws(StoreError) in state.people.lines(query) }
    }

    package func record(config json: [UInt8], hash: String, at now: Timestamp) async throws(StoreError) {
        try run { (state) throws(StoreError) in
            if state.configs[hash] == nil { state.configs[hash] = json }
        }
    }

    package func pauses() async throws(StoreError) -> [RowPause] {
        try run { (state) throws(StoreError) in state.pauses.values.sorted { $0.row < $1.row } }
    }

    package func pause(_ pause: RowPause, audit: AuditEntry) async throws(StoreError) -> Bool {
        try run { (state) throws(StoreError) in
            guard state.pauses[pause.row] == nil else { return false }
            state.pauses[pause.row] = pause
            state.people.append(audit)
            return true
        }
    }

    package func resume(row: String, audit: AuditEntry) async throws(StoreError) -> Bool {
        try run { (state) throws(StoreError) in
            guard state.pauses.removeValue(forKey: row) != nil else { return false }
            state.people.append(audit)
            return true
        }
    }

    package func config(_ hash: String) async throws(StoreError) -> [UInt8]? {
        try run { (state) throws(StoreError) in state.configs[hash] }
    }
}
