package import SluiceStore
package import SluiceTypes

extension TokenService {
    /// Makes an owner that has no token yet.
    ///
    /// - Throws: ``TokenError``.
    package func createOwner(_ name: String, actor: String) async throws(TokenError) -> OwnerRecord {
        try TokenService.check(name: name)
        var random = SystemRandomNumberGenerator()
        let owner = OwnerRecord(
            id: OwnerID(rawValue: "own_" + Base62.random(12, using: &random)),
            name: name,
            createdAt: now()
        )
        let entry = entry("owner.create", owner.id, actor)
        let isNew = try await asking { () async throws(StoreError) in
            try await self.store.insert(owner: owner, audit: entry)
        }
        guard isNew else { throw TokenError(.ownerExists, "an owner named \(name) exists; choose another name") }
        return owner
    }

    /// Gives an owner another name: its tokens, jobs, sums and limits stay its own.
    ///
    /// - Throws: ``TokenError``.
    package func renameOwner(
        _ nameOrID: String,
        to name: String,
        actor: String
    ) async throws(TokenError) -> OwnerRecord {
        try TokenService.check(name: name)
        return try await change(nameOrID, .rename(to: name), "owner.rename", actor)
    }

    /// Has an owner's tokens refused from now on; what runs goes on, what is queued waits for whoever runs it.
    ///
    /// - Throws: ``TokenError``.
    package func disableOwner(_ nameOrID: String, actor: String) async throws(TokenError) -> OwnerRecord {
        let moment = now()
        let owner = try await change(nameOrID, .disable(at: moment), "owner.disable", actor)
        for token in try await tokens(owner: owner.id) {
            invalidate(token.id)
            // As a token whose time is over: what waits ends, and what is being answered is answered.
            requests.move(token.id, to: moment)
        }
        return owner
    }

    /// Lets a disabled owner in again.
    ///
    /// - Throws: ``TokenError``.
    package func enableOwner(_ nameOrID: String, actor: String) async throws(TokenError) -> OwnerRecord {
        let owner = try await change(nameOrID, .enable, "owner.enable", actor)
        for token in try await tokens(owner: owner.id) { invalidate(token.id) }
        return owner
    }

    /// Narrows a token to types and models, within what it is narrowed to; nil leaves one as it is.
    ///
    /// - Throws: ``TokenError``.
    package func narrow(
        _ id: TokenID,
        types: Set<Operation>?,
        models: [String]?,
        actor: String
    ) async throws(TokenError) -> TokenRecord {
        guard types?.isEmpty != true, models?.isEmpty != true else {
            throw TokenError(.invalid, "an API token narrowed to no type or no model could do nothing")
        }
        guard let old = try await token(id) else {
            throw TokenError(.tokenUnknown, "no API token has the id \(id); `sluice token list` shows them")
        }
        if let types, let known = old.types, !types.isSubset(of: known) {
            let names = known.map(\.rawValue).sorted().joined(separator: ", ")
            throw TokenError(
                .invalid,
                "the token may ask for \(names) alone; what was narrowed is not widened: make another one"
            )
        }
        if let models, let known = old.models {
            let patterns = known.map { ModelPattern($0) }
            if let wider = models.first(where: { model in !patterns.contains { $0.covers(ModelPattern(model)) } }) {
                throw TokenError(
                    .invalid,
                    "the token may ask for \(known.joined(separator: ", ")) alone, and \(wider) is more than that; what was "
                        + "narrowed is not widened: make another one"
                )
            }
        }
        let entry = AuditEntry(at: now(), actor: actor, action: "token.narrow", subject: id.rawValue, result: "ok")
        defer { invalidate(id) }
        let narrowed = try await asking { () async throws(StoreError) in
            try await self.store.narrow(id, types: types ?? old.types, models: models ?? old.models, audit: entry)
        }
        guard let narrowed else { throw TokenError(.tokenUnknown, "no API token has the id \(id) any more") }
        return narrowed
    }

    /// The id of the token that is meant: its own, or the name of exactly one that has not ended.
    ///
    /// - Throws: ``TokenError``.
    package func id(of idOrName: String) async throws(TokenError) -> TokenID {
        let id = TokenID(rawValue: idOrName)
        if try await token(id) != nil { return id }
        let moment = now()
        let named = try await tokens(owner: nil).filter { $0.name == idOrName && !$0.isOver(at: moment) }
        guard let first = named.first else { return id }
        guard named.count == 1 else {
            let ids = named.map(\.id.rawValue).joined(separator: ", ")
            throw TokenError(.invalid, "several API tokens are called \(idOrName); name one by its id: \(ids)")
        }
        return first.id
    }

    private func change(
        _ nameOrID: String,
        _ change: OwnerChange,
        _ action: String,
        _ actor: String
    ) async throws(TokenError) -> OwnerRecord {
        let owner = try await owner(nameOrID)
        let entry = entry(action, owner.id, actor)
        let changed = try await asking { () async throws(StoreError) in
            try await self.store.change(owner: owner.id, change, audit: entry)
        }
        switch changed {
        case .changed(let owner): return owner
        case .nameTaken: throw TokenError(.ownerExists, "another owner has that name; choose another one")
        case .notFound: throw TokenError(.ended, "the owner \(owner.name) was deleted")
        }
    }

    private func entry(_ action: String, _ owner: OwnerID, _ actor: String) -> AuditEntry {
        AuditEntry(at: now(), actor: actor, action: action, subject: owner.rawValue, result: "ok")
    }

    private static func check(name: String) throws(TokenError) {
        try check(text: name)
        guard !name.hasPrefix("deleted-") else {
            throw TokenError(.invalid, "names that begin with deleted- are those of deleted owners; choose another one")
        }
    }
}
