package import SluiceStore
package import SluiceTypes

extension TokenService {
    /// The overlap of a rotation unless the operator says otherwise: a day.
    package static let standardGrace = Duration.seconds(86_400)
    /// The longest overlap of a rotation: 7 days.
    package static let longestGrace = Duration.seconds(7 * 86_400)

    /// Makes an API token, and its owner unless the order names one.
    ///
    /// - Throws: ``TokenError``.
    package func create(_ order: TokenOrder, actor: String) async throws(TokenError) -> IssuedToken {
        let text = TokenText.mint()
        return try await store(text.secret, text.hash, as: text.id, order, "token.create", actor)
    }

    /// Takes an API token that was made elsewhere; the order has to give it an end.
    ///
    /// - Throws: ``TokenError``, `known` for one that was taken before.
    package func take(_ token: ForeignToken, _ order: TokenOrder, actor: String) async throws(TokenError) -> IssuedToken
    {
        guard order.lifetime != .never else {
            throw TokenError(.invalid, "an imported API token must have an end; leave --expires out for 90 days")
        }
        // The id of its own says nothing of its text.
        return try await store(token.secret, token.hash, as: TokenText.mint().id, order, "token.import", actor)
    }

    private func store(
        _ text: Secret,
        _ hash: TokenHash,
        as id: TokenID,
        _ order: TokenOrder,
        _ action: String,
        _ actor: String
    ) async throws(TokenError) -> IssuedToken {
        try TokenService.check(order)
        let moment = now()
        let (owner, isNew) = try await self.owner(for: order, at: moment)
        let record = TokenRecord(
            id: id,
            owner: owner.id,
            name: order.name,
            hash: hash.bytes,
            isImported: action == "token.import",
            scopes: order.scopes,
            types: order.types,
            models: order.models,
            tag: order.tag,
            createdAt: moment,
            expiresAt: order.lifetime.end(from: moment)
        )
        let entry = AuditEntry(at: moment, actor: actor, action: action, subject: id.rawValue, result: "ok")
        let insertion = try await asking { () async throws(StoreError) in
            try await self.store.insert(record, newOwner: isNew ? owner : nil, audit: entry)
        }
        switch insertion {
        case .inserted:
            invalidate(id)
            return IssuedToken(text: text, record: record, owner: owner)
        case .ownerExists: throw TokenService.ownerExists(order.name)
        case .ownerMissing: throw TokenService.ownerUnknown(order.owner ?? order.name)
        case .known:
            throw TokenError(.known, "this token is known already, or was until it was revoked; take another one")
        }
    }

    /// Makes a successor with the same owner, scopes, narrowing and name; the old token works for `grace` more.
    ///
    /// Without `lifetime` the successor lasts as long as the old one was made for.
    ///
    /// - Throws: ``TokenError``.
    package func rotate(
        _ id: TokenID,
        grace: Duration,
        lifetime: TokenLifetime? = nil,
        actor: String
    ) async throws(TokenError) -> IssuedToken {
        guard grace >= .zero, grace <= TokenService.longestGrace else {
            throw TokenError(.invalid, "the grace must be from 0 seconds to 7 days (604800 seconds)")
        }
        try TokenService.check(lifetime ?? .standard)
        let moment = now()
        guard let old = try await token(id) else {
            throw try await refused(.tokenUnknown, "no API token has the id \(id)", "token.rotate", id, actor)
        }
        // All that is shown is known before the change: a read that failed after it would lose the successor's text.
        let owner = try await asking { () async throws(StoreError) in try await self.store.owner(old.owner) }
        guard let owner else { throw TokenService.ownerUnknown(old.owner.rawValue) }
        let text = TokenText.mint()
        let successor = old.successor(text, at: moment, lifetime: lifetime)
        let oldEndsAt = moment.adding(grace)
        let entry = AuditEntry(
            at: moment,
            actor: actor,
            action: "token.rotate",
            subject: id.rawValue,
            result: "ok"
        )
        defer { invalidate(id, text.id) }
        let rotation = try await asking { () async throws(StoreError) in
            try await self.store.rotate(id, to: successor, oldEndsAt: oldEndsAt, audit: entry)
        }
        switch rotation {
        case .rotated:
            var replaced = old
            replaced.replacedBy = text.id
            replaced.expiresAt = min(old.expiresAt ?? oldEndsAt, oldEndsAt)
            requests.move(id, to: replaced.expiresAt)
            return IssuedToken(text: text.secret, record: successor, owner: owner, replaced: replaced)
        case .notFound:
            throw try await refused(.tokenUnknown, "no API token has the id \(id)", "token.rotate", id, actor)
        case .ended(let next?):
            let sentence = "the API token \(id) was rotated before; rotate its successor \(next) instead"
            throw try await refused(.ended, sentence, "token.rotate", id, actor)
        case .ended(nil):
            let sentence = "the API token \(id) has ended; make a new one with --owner \(old.owner)"
            throw try await refused(.ended, sentence, "token.rotate", id, actor)
        }
    }

    /// Ends an API token at once.
    ///
    /// - Throws: ``TokenError``.
    package func revoke(_ id: TokenID, actor: String) async throws(TokenError) -> TokenRecord {
        let moment = now()
        let entry = AuditEntry(
            at: moment,
            actor: actor,
            action: "token.revoke",
            subject: id.rawValue,
            result: "ok"
        )
        defer { invalidate(id) }
        let found = try await asking { () async throws(StoreError) in
            try await self.store.revoke(id, at: moment, audit: entry)
        }
        if found { requests.revoke(id) }
        guard found, let record = try await token(id) else {
            throw try await refused(.tokenUnknown, "no API token has the id \(id)", "token.revoke", id, actor)
        }
        return record
    }

    /// Ends an owner and all its tokens at once; its jobs are left to whoever runs them.
    ///
    /// - Throws: ``TokenError``.
    package func deleteOwner(_ nameOrID: String, actor: String) async throws(TokenError) -> OwnerRecord {
        let owner = try await owner(nameOrID)
        let tokens = try await tokens(owner: owner.id)
        let moment = now()
        let entry = AuditEntry(
            at: moment,
            actor: actor,
            action: "owner.delete",
            subject: owner.id.rawValue,
            result: "ok"
        )
        defer { for token in tokens { invalidate(token.id) } }
        let deleted = try await asking { () async throws(StoreError) in
            try await self.store.deleteOwner(owner.id, at: moment, audit: entry)
        }
        guard let deleted else { throw TokenError(.ended, "the owner \(owner.name) was deleted before") }
        // One may have been made in between.
        for token in try await self.tokens(owner: owner.id) {
            invalidate(token.id)
            requests.revoke(token.id)
        }
        return deleted
    }

    /// The token of that id; nil when there is none.
    ///
    /// - Throws: ``TokenError``.
    package func token(_ id: TokenID) async throws(TokenError) -> TokenRecord? {
        try await asking { () async throws(StoreError) in try await self.store.token(id) }.map(withUse)
    }

    /// All tokens, or those of one owner, oldest first.
    ///
    /// - Throws: ``TokenError``.
    package func tokens(owner: OwnerID?) async throws(TokenError) -> [TokenRecord] {
        try await asking { () async throws(StoreError) in try await self.store.tokens(owner: owner) }.map(withUse)
    }

    /// All owners, oldest first.
    ///
    /// - Throws: ``TokenError``.
    package func owners() async throws(TokenError) -> [OwnerRecord] {
        try await asking { () async throws(StoreError) in try await self.store.owners() }
    }

    /// The owner of that name, else of that id.
    ///
    /// - Throws: ``TokenError``.
    package func owner(_ nameOrID: String) async throws(TokenError) -> OwnerRecord {
        let found = try await asking { () async throws(StoreError) -> OwnerRecord? in
            if let named = try await self.store.owner(named: nameOrID) { return named }
            return try await self.store.owner(OwnerID(rawValue: nameOrID))
        }
        guard let found else { throw TokenService.ownerUnknown(nameOrID) }
        return found
    }

    private func owner(
        for order: TokenOrder,
        at moment: Timestamp
    ) async throws(TokenError) -> (owner: OwnerRecord, isNew: Bool) {
        if let named = order.owner { return (try await owner(named), false) }
        let taken = try await asking { () async throws(StoreError) -> OwnerRecord? in
            try await self.store.owner(named: order.name)
        }
        guard taken == nil else { throw TokenService.ownerExists(order.name) }
        var random = SystemRandomNumberGenerator()
        let id = OwnerID(rawValue: "own_" + Base62.random(12, using: &random))
        return (OwnerRecord(id: id, name: order.name, createdAt: moment), true)
    }

    /// Writes a refusal into the audit and returns it.
    private func refused(
        _ code: TokenError.Code,
        _ sentence: String,
        _ action: String,
        _ subject: TokenID,
        _ actor: String
    ) async throws(TokenError) -> TokenError {
        let entry = AuditEntry(
            at: now(),
            actor: actor,
            action: action,
            subject: subject.rawValue,
            result: sentence
        )
        try await asking { () async throws(StoreError) in try await self.store.append(entry) }
        return TokenError(code, sentence)
    }

    func asking<Answer>(
        _ question: () async throws(StoreError) -> Answer
    ) async throws(TokenError) -> Answer {
        do throws(StoreError) {
            return try await question()
        } catch {
            throw TokenError(.store, error.message, storeCode: error.code == .full ? .full : .other)
        }
    }

    private static func ownerExists(_ name: String) -> TokenError {
        TokenError(
            .ownerExists,
            "an owner named \(name) exists; pass --owner \(name) to give it another API token, or choose another --name"
        )
    }

    private static func ownerUnknown(_ name: String) -> TokenError {
        TokenError(.ownerUnknown, "no owner has the name or id \(name); `sluice owner list` shows them")
    }

    static func check(text name: String) throws(TokenError) {
        let isPrintable = name.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
        guard !name.isEmpty, name.utf8.count <= 128, isPrintable else {
            throw TokenError(.invalid, "the name must have 1 to 128 bytes and no control characters")
        }
    }

    private static func check(_ order: TokenOrder) throws(TokenError) {
        try check(text: order.name)
        guard !order.scopes.isEmpty else {
            throw TokenError(.invalid, "an API token needs at least one scope")
        }
        guard order.types?.isEmpty != true, order.models?.isEmpty != true else {
            throw TokenError(.invalid, "an API token narrowed to no type or no model could do nothing")
        }
        if let tag = order.tag, !UsageTag.isTag(tag) { throw TokenError(.invalid, "the tag \(UsageTag.rule)") }
        try check(order.lifetime)
    }

    private static func check(_ lifetime: TokenLifetime) throws(TokenError) {
        if case .lasting(let duration) = lifetime, duration <= .zero || duration > .seconds(3650 * 86_400) {
            throw TokenError(.invalid, "an API token lasts from one second to ten years, or for ever")
        }
    }
}

extension TokenRecord {
    fileprivate func successor(_ text: TokenText, at moment: Timestamp, lifetime: TokenLifetime?) -> TokenRecord {
        let original = expiresAt.map { TokenLifetime.lasting($0.since(createdAt)) } ?? .never
        return TokenRecord(
            id: text.id,
            owner: owner,
            name: name,
            hash: text.hash.bytes,
            scopes: scopes,
            types: types,
            models: models,
            tag: tag,
            createdAt: moment,
            expiresAt: (lifetime ?? original).end(from: moment)
        )
    }
}
