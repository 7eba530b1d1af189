import HTTPTypes
import SluiceEngine
import SluiceJSON
import SluiceStore
import SluiceTokens
import SluiceTypes

extension AdminAPI {
    func routeTokens(_ request: AdminRequest, _ parts: [String]) async throws -> AdminReply {
        guard parts.count > 1 else {
            return try await oneOf(["GET": listTokens, "POST": createToken], request)
        }
        // No token has an id of six characters.
        if parts.count == 2, parts[1] == "import" {
            return try await only("POST", request, parts, count: 2, importToken)
        }
        let id = try await tokens.id(of: parts[1])
        switch parts.dropFirst(2) {
        case ["narrow"]: return try await only("POST", request, parts, count: 3) { try await self.narrow(id, $0) }
        case []: return try await only("GET", request, parts, count: 2) { _ in try await self.showToken(id) }
        case ["rotate"]: return try await only("POST", request, parts, count: 3) { try await self.rotate(id, $0) }
        case ["limits"]:
            guard let record = try await tokens.token(id) else {
                throw Problem.notFound("no API token has the id \(id); `sluice token list` shows them")
            }
            return try await limits(of: .token(id), owner: record.owner, request)
        case ["revoke"]: return try await only("POST", request, parts, count: 3) { try await self.revoke(id, $0) }
        default: throw AdminAPI.nothingHere
        }
    }

    func routeOwners(_ request: AdminRequest, _ parts: [String]) async throws -> AdminReply {
        switch parts.count {
        case 1: return try await oneOf(["GET": { _ in try await self.listOwners() }, "POST": createOwner], request)
        case 2:
            return try await oneOf(
                [
                    "GET": { _ in try await self.showOwner(parts[1]) },
                    "DELETE": { try await self.deleteOwner(parts[1], $0) },
                ],
                request
            )
        case 3 where ["rename", "disable", "enable"].contains(parts[2]):
            return try await only("POST", request, parts, count: 3) { try await self.change(parts[1], parts[2], $0) }
        case 3 where parts[2] == "limits":
            let owner = try await tokens.owner(parts[1]).id
            return try await limits(of: .owner(owner), owner: owner, request)
        default: throw AdminAPI.nothingHere
        }
    }

    private static let ordered = ["name", "owner", "scopes", "expiresSeconds", "types", "models", "tag"]

    private func createToken(_ request: AdminRequest) async throws -> AdminReply {
        var reader = try request.fields(AdminAPI.ordered)
        let order = reader.order()
        try reader.finish()
        return show(try await tokens.create(order, actor: request.actor))
    }

    private func importToken(_ request: AdminRequest) async throws -> AdminReply {
        var reader = try request.fields(AdminAPI.ordered + ["token"])
        let text = reader.requiredText("token")
        let order = reader.order()
        try reader.finish()
        let token = try ForeignToken(text ?? "")
        if let row = engine?.row(whoseSecretIs: text ?? "") {
            throw Problem(
                .badRequest,
                "invalid-request",
                "the token is a credential of the row \(row), which callers have to know nothing of; take another one"
            )
        }
        let taken = try await tokens.take(token, order, actor: request.actor)
        return .object(201) { writer in
            writer.member("record", object: { self.write(taken.record, [taken.owner.id: taken.owner.name], to: &$0) })
        }
    }

    private func rotate(_ id: TokenID, _ request: AdminRequest) async throws -> AdminReply {
        var reader = try request.fields(["graceSeconds", "expiresSeconds"])
        let seconds = reader.integer("graceSeconds", 0...TokenService.longestGrace.components.seconds)
        let grace = seconds.map { Duration.seconds($0) } ?? TokenService.standardGrace
        let lifetime = reader.lifetime()
        try reader.finish()
        let issued = try await tokens.rotate(id, grace: grace, lifetime: lifetime, actor: request.actor)
        // The successor shares the old one's limits; whatever comes of that, it is shown this once.
        try? await engine?.reloadLimits()
        return show(issued)
    }

    /// The only showing of a token's text; nothing may come between its making and this.
    private func show(_ issued: IssuedToken) -> AdminReply {
        let owners = [issued.owner.id: issued.owner.name]
        return .object(201) { writer in
            issued.text.reveal { writer.member("token", $0) }
            writer.member("record", object: { self.write(issued.record, owners, to: &$0) })
            if let replaced = issued.replaced {
                writer.member("replaced", object: { self.write(replaced, owners, to: &$0) })
            }
        }
    }

    private func revoke(_ id: TokenID, _ request: AdminRequest) async throws -> AdminReply {
        let record = try await tokens.revoke(id, actor: request.actor)
        let owners = try await ownerNames()
        return .object { self.write(record, owners, to: &$0) }
    }

    private func showToken(_ id: TokenID) async throws -> AdminReply {
        guard let record = try await tokens.token(id) else {
            throw Problem.notFound("no API token has the id \(id); `sluice token list` shows them")
        }
        let owners = try await ownerNames()
        return .object { self.write(record, owners, to: &$0) }
    }

    private func listTokens(_ request: AdminRequest) async throws -> AdminReply {
        var reader = QueryReader(request.pairs, known: ["owner", "all"])
        let name = reader.text("owner")
        let withEnded = reader.flag("all")
        try reader.finish()
        var owner: OwnerID?
        if let name { owner = try await tokens.owner(name).id }
        let owners = try await ownerNames()
        let moment = now()
        let shown = try await tokens.tokens(owner: owner).filter { withEnded || !$0.isOver(at: moment) }
        return .list("tokens", shown) { self.write($0, owners, to: &$1) }
    }

    private func listOwners() async throws -> AdminReply {
        let counts = Dictionary(grouping: try await tokens.tokens(owner: nil), by: \.owner).mapValues(\.count)
        return .list("owners", try await tokens.owners()) { owner, writer in
            self.write(owner, tokens: counts[owner.id] ?? 0, to: &writer)
        }
    }

    private func createOwner(_ request: AdminRequest) async throws -> AdminReply {
        var reader = try request.fields(["name"])
        let name = reader.requiredText("name")
        try reader.finish()
        let owner = try await tokens.createOwner(name ?? "", actor: request.actor)
        return .object(201) { self.write(owner, tokens: 0, to: &$0) }
    }

    private func change(_ name: String, _ action: String, _ request: AdminRequest) async throws -> AdminReply {
        var reader = try request.fields(action == "rename" ? ["name"] : [])
        let newName = action == "rename" ? reader.requiredText("name") : nil
        try reader.finish()
        let owner: OwnerRecord
        switch action {
        case "rename": owner = try await tokens.renameOwner(name, to: newName ?? "", actor: request.actor)
        case "disable": owner = try await tokens.disableOwner(name, actor: request.actor)
        default: owner = try await tokens.enableOwner(name, actor: request.actor)
        }
        if action != "rename" { try await engine?.noteDisabledOwner() }
        let count = try await tokens.tokens(owner: owner.id).count
        return .object { self.write(owner, tokens: count, to: &$0) }
    }

    private func narrow(_ id: TokenID, _ request: AdminRequest) async throws -> AdminReply {
        var reader = try request.fields(["types", "models"])
        let types = reader.choices("types", Operation.self)
        let models = reader.texts("models")
        try reader.finish()
        let record = try await tokens.narrow(id, types: types, models: models, actor: request.actor)
        let owners = try await ownerNames()
        return .object { self.write(record, owners, to: &$0) }
    }

    private func deleteOwner(_ name: String, _ request: AdminRequest) async throws -> AdminReply {
        let owner = try await tokens.deleteOwner(name, actor: request.actor)
        // It is deleted, whatever comes of the rest: what was not cleared is, with the next start at the latest.
        try? await engine?.noteDeletedOwner()
        return .object { writer in
            writer.member("id", owner.id.rawValue)
            writer.member("name", owner.name)
            writer.member("deletedAt", owner.deletedAt?.description)
            writer.member("clearing", self.engine != nil)
        }
    }

    private func showOwner(_ name: String) async throws -> AdminReply {
        let owner = try await tokens.owner(name)
        let records = try await tokens.tokens(owner: owner.id)
        return .object { writer in
            self.write(owner, tokens: records.count, to: &writer)
            writer.objects("tokenRecords", records) { self.write($0, [owner.id: owner.name], to: &$1) }
        }
    }

    func ownerNames() async throws -> [OwnerID: String] {
        Dictionary(try await tokens.owners().map { ($0.id, $0.name) }) { first, _ in first }
    }

    private func write(_ owner: OwnerRecord, tokens: Int, to writer: inout JSONWriter) {
        writer.member("id", owner.id.rawValue)
        writer.member("name", owner.name)
        writer.member("createdAt", owner.createdAt.description)
        writer.member("deletedAt", owner.deletedAt?.description)
        writer.member("disabledAt", owner.disabledAt?.description)
        writer.member("tokens", tokens)
    }

    private func write(_ record: TokenRecord, _ owners: [OwnerID: String], to writer: inout JSONWriter) {
        writer.member("id", record.id.rawValue)
        writer.owner(record.owner, owners)
        writer.member("name", record.name)
        writer.texts("scopes", record.scopes.map(\.rawValue).sorted())
        writer.texts("types", record.types?.map(\.rawValue).sorted())
        writer.texts("models", record.models)
        writer.member("tag", record.tag)
        writer.member("imported", record.isImported)
        writer.member("createdAt", record.createdAt.description)
        writer.member("expiresAt", record.expiresAt?.description)
        writer.member("lastUsedAt", record.lastUsedAt?.description)
        writer.member("replacedBy", record.replacedBy?.rawValue)
        writer.member("revokedAt", record.revokedAt?.description)
        writer.member("ownerDisabled", record.isOwnerDisabled)
        writer.member("status", record.status(at: now()).rawValue)
    }
}

extension JSONWriter {
    /// Writes `"owner": {id, name}`.
    mutating func owner(_ id: OwnerID, _ names: [OwnerID: String]) {
        member(
            "owner",
            object: { writer in
                writer.member("id", id.rawValue)
                writer.member("name", names[id])
            }
        )
    }
}

extension FieldReader {
    /// What is asked of a token that is to be stored.
    fileprivate mutating func order() -> TokenOrder {
        TokenOrder(
            name: requiredText("name") ?? "",
            owner: text("owner"),
            scopes: choices("scopes", Scope.self) ?? Scope.standard,
            lifetime: lifetime() ?? .standard,
            types: choices("types", Operation.self),
            models: texts("models"),
            tag: text("tag")
        )
    }

    /// `expiresSeconds`, where 0 means never; nil without it.
    fileprivate mutating func lifetime() -> TokenLifetime? {
        integer("expiresSeconds", 0...3650 * 86_400).map { $0 == 0 ? .never : .lasting(.seconds($0)) }
    }

    /// An array of raw values of `Choice`; nil for one that is missing, `null` or faulty.
    fileprivate mutating func choices<Choice: RawRepresentable & CaseIterable & Hashable>(
        _ name: String,
        _: Choice.Type
    ) -> Set<Choice>? where Choice.RawValue == String {
        guard let texts = texts(name) else { return nil }
        let allowed = Choice.allCases.map(\.rawValue)
        var choices: Set<Choice> = []
        for text in texts {
            if let choice = Choice(rawValue: text) {
                choices.insert(choice)
            } else {
                fault(name, UnknownName.sentence(text, String(name.dropLast()), allowed), allowed: allowed)
            }
        }
        return choices
    }
}
