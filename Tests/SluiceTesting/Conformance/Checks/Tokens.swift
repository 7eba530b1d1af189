import SluiceStore
import SluiceTypes

extension TokenRecord {
    fileprivate static func sample(
        _ id: String,
        _ owner: OwnerID = .ada,
        at seconds: Double = 0,
        expiresAt: Timestamp? = .at(1000)
    ) -> TokenRecord {
        TokenRecord(
            id: TokenID(rawValue: id),
            owner: owner,
            name: "token \(id)",
            hash: Array(id.utf8) + Array(repeating: 0, count: 32 - id.utf8.count),
            scopes: [.jobsRead, .metrics],
            createdAt: .at(seconds),
            expiresAt: expiresAt
        )
    }
}

extension AuditEntry {
    fileprivate static func sample(
        at seconds: Double = 0,
        _ action: String = "token.create",
        actor: String = "operator",
        subject: String = ""
    ) -> AuditEntry {
        AuditEntry(at: .at(seconds), actor: actor, action: action, subject: subject, result: "ok")
    }
}

extension Subject {
    /// Stores a token, and Ada or Bob with their first.
    fileprivate func add(_ token: TokenRecord, fileID: String = #fileID, line: Int = #line) async throws {
        let isNew = try await store.owner(token.owner) == nil
        let name = "\(token.owner)'s name"
        let owner = isNew ? OwnerRecord(id: token.owner, name: name, createdAt: token.createdAt) : nil
        let answer = try await store.insert(token, newOwner: owner, audit: .sample(subject: token.id.rawValue))
        try expectEqual(answer, .inserted, "the insertion", fileID: fileID, line: line)
    }
}

extension StoreConformance {
    static let tokenChecks = [
        Check("a token and its new owner are stored as they came, with the audit line") { subject in
            var token = TokenRecord.sample("aaaaaaaa")
            token.types = [.chat, .embedding]
            token.models = ["gpt-*", "llama"]
            token.lastUsedAt = .at(60)
            let owner = OwnerRecord(id: .ada, name: "Ada", createdAt: .at(0))
            let line = AuditEntry.sample(subject: "aaaaaaaa")
            try expectEqual(
                try await subject.store.insert(token, newOwner: owner, audit: line),
                .inserted,
                "the insertion"
            )
            try expectEqual(try await subject.store.token(token.id), token, "the token")
            try expectEqual(try await subject.store.owner(.ada), owner, "the owner by id")
            try expectEqual(try await subject.store.owner(named: "Ada"), owner, "the owner by name")
            try expectEqual(try await subject.store.owner(named: "ada"), nil, "an owner of another name")
            try expectEqual(try await subject.store.owners(), [owner], "the owners")
            try expectEqual(try await subject.store.audit(AuditQuery(limit: 9)), [line], "the audit")
            for narrowing in [nil, []] as [[String]?] {
                var bare = TokenRecord.sample("bbbb\(narrowing?.count ?? 9)bbb", expiresAt: nil)
                bare.scopes = []
                bare.models = narrowing
                bare.types = narrowing.map { _ in [] }
                try await subject.add(bare)
                try expectEqual(try await subject.store.token(bare.id), bare, "a token with next to nothing")
            }
        },
        Check("an owner's name is taken once, and nothing is stored of a second") { subject in
            try await subject.add(.sample("aaaaaaaa"))
            let namesake = OwnerRecord(id: .bob, name: "ada's name", createdAt: .at(1))
            let token = TokenRecord.sample("bbbbbbbb", .bob)
            let answer = try await subject.store.insert(token, newOwner: namesake, audit: .sample())
            try expectEqual(answer, .ownerExists, "the insertion")
            try expectEqual(try await subject.store.token(token.id), nil, "the token")
            try expectEqual(try await subject.store.owner(.bob), nil, "the owner")
        },
        Check("a token of nobody is not stored") { subject in
            let token = TokenRecord.sample("aaaaaaaa")
            let answer = try await subject.store.insert(token, newOwner: nil, audit: .sample())
            try expectEqual(answer, .ownerMissing, "the insertion")
            try expectEqual(try await subject.store.token(token.id), nil, "the token")
        },
        Check("an imported token is stored once, whatever became of the first, and listed until it is revoked") {
            subject in
            var token = TokenRecord.sample("aaaaaaaa")
            token.isImported = true
            try await subject.add(token)
            try await subject.add(.sample("bbbbbbbb"))
            try expectEqual(try await subject.store.token(token.id), token, "the token")
            try expectEqual(try await subject.store.importedTokens(), [token], "the imported tokens")
            var twin = token
            twin.id = TokenID(rawValue: "cccccccc")
            for _ in 0..<2 {
                let answer = try await subject.store.insert(twin, newOwner: nil, audit: .sample())
                try expectEqual(answer, .known, "the insertion of its twin")
                _ = try await subject.store.revoke(token.id, at: .at(10), audit: .sample(at: 10))
            }
            try expectEqual(try await subject.store.token(twin.id), nil, "the twin")
            try expectEqual(try await subject.store.importedTokens(), [], "the imported tokens after the revocation")
        },
        Check("tokens are listed oldest first, all or one owner's") { subject in
            let tokens = [
                TokenRecord.sample("cccccccc", at: 0), .sample("aaaaaaaa", .bob, at: 1), .sample("bbbbbbbb", at: 2),
            ]
            for token in tokens { try await subject.add(token) }
            try expectEqual(try await subject.store.tokens(owner: nil), tokens, "all tokens")
            try expectEqual(try await subject.store.tokens(owner: .ada), [tokens[0], tokens[2]], "Ada's tokens")
            let nobody = OwnerID(rawValue: "nobody")
            try expectEqual(try await subject.store.tokens(owner: nobody), [], "nobody's tokens")
            try expectEqual(try await subject.store.owners().map(\.id), [.ada, .bob], "the owners")
            try expectEqual(try await subject.store.token(TokenID(rawValue: "zzzzzzzz")), nil, "an unknown token")
        },
        Check("a rotation stores the successor and lets the old token end") { subject in
            let ends: [(Timestamp?, Timestamp)] = [(.at(1000), .at(500)), (.at(300), .at(300)), (nil, .at(500))]
            for (number, (ownEnd, expected)) in ends.enumerated() {
                let old = TokenRecord.sample("aaaaaaa\(number)", expiresAt: ownEnd)
                try await subject.add(old)
                let successor = TokenRecord.sample("bbbbbbb\(number)", at: 100, expiresAt: .at(2000))
                let line = AuditEntry.sample(at: 100, "token.rotate", subject: old.id.rawValue)
                let answer = try await subject.store.rotate(old.id, to: successor, oldEndsAt: .at(500), audit: line)
                try expectEqual(answer, .rotated, "the rotation")
                var ended = old
                ended.replacedBy = successor.id
                ended.expiresAt = expected
                try expectEqual(try await subject.store.token(old.id), ended, "the old token")
                try expectEqual(try await subject.store.token(successor.id), successor, "the successor")
                let lines = try await subject.store.audit(AuditQuery(token: old.id, limit: 1))
                try expectEqual(lines, [line], "the audit")
            }
        },
        Check("a token that is replaced, revoked, expired or unknown is not rotated") { subject in
            for id in ["replaced", "revoked1", "expired1"] { try await subject.add(.sample(id, expiresAt: .at(50))) }
            func rotate(_ id: String, to successor: String, at seconds: Double) async throws -> Rotation {
                try await subject.store.rotate(
                    TokenID(rawValue: id),
                    to: .sample(successor, at: seconds),
                    oldEndsAt: .at(seconds + 10),
                    audit: .sample(at: seconds, "token.rotate", subject: id)
                )
            }
            _ = try await rotate("replaced", to: "newer001", at: 10)
            _ = try await subject.store.revoke(TokenID(rawValue: "revoked1"), at: .at(10), audit: .sample(at: 10))
            let replacedBy = TokenID(rawValue: "newer001")
            try expectEqual(
                try await rotate("replaced", to: "other001", at: 11),
                .ended(replacedBy: replacedBy),
                "replaced"
            )
            try expectEqual(try await rotate("revoked1", to: "other001", at: 11), .ended(replacedBy: nil), "revoked")
            try expectEqual(try await rotate("expired1", to: "other001", at: 60), .ended(replacedBy: nil), "expired")
            try expectEqual(try await rotate("unknown1", to: "other001", at: 11), .notFound, "unknown")
            try expectEqual(try await subject.store.token(TokenID(rawValue: "other001")), nil, "the successor")
        },
        Check("a revocation keeps its first moment") { subject in
            let token = TokenRecord.sample("aaaaaaaa")
            try await subject.add(token)
            let line = AuditEntry.sample(at: 5, "token.revoke", subject: "aaaaaaaa")
            try expectEqual(try await subject.store.revoke(token.id, at: .at(5), audit: line), true, "the revocation")
            try expectEqual(try await subject.store.revoke(token.id, at: .at(9), audit: line), true, "the second")
            var revoked = token
            revoked.revokedAt = .at(5)
            try expectEqual(try await subject.store.token(token.id), revoked, "the token")
            let lines = try await subject.store.audit(AuditQuery(action: "revoke", limit: 9))
            try expect(lines.first == line, "the revocation is not in the audit")
            let unknown = TokenID(rawValue: "zzzzzzzz")
            try expectEqual(
                try await subject.store.revoke(unknown, at: .at(5), audit: line),
                false,
                "an unknown token's"
            )
        },
        Check("the last use of a token only moves on") { subject in
            for id in ["aaaaaaaa", "bbbbbbbb", "cccccccc"] { try await subject.add(.sample(id)) }
            let (first, second) = (TokenID(rawValue: "aaaaaaaa"), TokenID(rawValue: "bbbbbbbb"))
            try await subject.store.touch([:])
            try await subject.store.touch([first: .at(120), second: .at(60)])
            try await subject.store.touch([first: .at(60), second: .at(180), TokenID(rawValue: "zzzzzzzz"): .at(60)])
            let uses = try await subject.store.tokens(owner: nil).map(\.lastUsedAt)
            try expectEqual(uses, [.at(120), .at(180), nil], "the last uses")
        },
    ]

    static let auditChecks = [
        Check("the audit is read newest first, as it was written") { subject in
            var lines: [AuditEntry] = []
            for second in 0..<5 {
                let line = AuditEntry.sample(at: Double(second), "job.redrive", subject: "job \(second)")
                try await subject.store.append(line)
                lines.insert(line, at: 0)
            }
            try expectEqual(try await subject.store.audit(AuditQuery(limit: 9)), lines, "the audit")
            try expectEqual(try await subject.store.audit(AuditQuery(limit: 2)), Array(lines[0...1]), "two lines")
            try expectEqual(
                try await subject.store.audit(AuditQuery(since: .at(3), limit: 9)),
                Array(lines[0...1]),
                "since"
            )
            try await subject.store.append(lines[4])
            let all = try await subject.store.audit(AuditQuery(limit: 9))
            try expectEqual(all.count, 6, "the number of lines after the same line again")
        },
        Check("the audit is searched by token and by action") { subject in
            let create = AuditEntry.sample(at: 0, "token.create", subject: "aaaaaaaa")
            let redrive = AuditEntry.sample(at: 1, "job.redrive", actor: "aaaaaaaa", subject: "some job")
            let recreate = AuditEntry.sample(at: 2, "job.recreate", subject: "bbbbbbbb")
            let plain = AuditEntry.sample(at: 3, "create", subject: "bbbbbbbb")
            for line in [create, redrive, recreate, plain] { try await subject.store.append(line) }
            func find(_ query: AuditQuery, _ expected: [AuditEntry], _ what: String) async throws {
                try expectEqual(try await subject.store.audit(query), expected, what)
            }
            let token = TokenID(rawValue: "aaaaaaaa")
            try await find(AuditQuery(token: token, limit: 9), [redrive, create], "a token's lines")
            try await find(AuditQuery(action: "create", limit: 9), [plain, create], "lines that end in .create")
            try await find(AuditQuery(action: "job.redrive", limit: 9), [redrive], "lines of a whole action")
            try await find(AuditQuery(action: "reate", limit: 9), [], "lines of half a word")
            try await find(AuditQuery(action: "c%", limit: 9), [], "lines by a pattern")
            try await find(AuditQuery(token: token, action: "redrive", limit: 9), [redrive], "lines by both")
        },
        Check("an owner that is deleted loses its name, its tokens and its limits, once") { subject in
            var token = TokenRecord.sample("aaaaaaaa")
            token.models = ["gpt-*"]
            token.tag = "own"
            try await subject.add(token)
            try await subject.add(.sample("bbbbbbbb", .bob))
            for limited in [LimitSubject.owner(.ada), .token(token.id), .owner(.bob)] {
                try await subject.setLimits(.budget(1000, .ever), of: limited)
            }
            let line = AuditEntry.sample(at: 5, "owner.delete", subject: "ada")
            func delete() async throws -> OwnerRecord? {
                try await subject.store.deleteOwner(.ada, at: .at(5), audit: line)
            }
            let deleted = try await delete()
            try expectEqual(deleted?.name, "deleted-1", "its name")
            try expectEqual(deleted?.deletedAt, .at(5), "when it was deleted")
            try expectEqual(try await subject.store.owner(.ada), deleted, "the owner")
            try expectEqual(try await subject.store.owner(named: "ada's name"), nil, "the owner by its old name")
            let ended = try await subject.store.token(token.id)
            try expectEqual(ended?.revokedAt, .at(5), "when its token was revoked")
            try expectEqual(ended?.name, "deleted", "what its token is called")
            try expectEqual(ended?.models, [], "what its token is narrowed to")
            try expectEqual(ended?.tag, nil, "its token's tag")
            try expectEqual(try await subject.store.limits().map(\.subject), [.owner(.bob)], "the limits that are left")
            try expectEqual(try await subject.store.spend().map(\.account), ["bob"], "the spending that is left")
            try expectEqual(
                try await subject.store.audit(AuditQuery(action: "owner.delete", limit: 9)),
                [line],
                "the audit"
            )
            try expectEqual(try await delete(), nil, "what a second deletion finds")
            let late = try await subject.store.insert(.sample("cccccccc"), newOwner: nil, audit: .sample())
            try expectEqual(late, .ownerMissing, "a token for it")
            try expectEqual(
                try await subject.store.token(TokenID(rawValue: "bbbbbbbb"))?.revokedAt,
                nil,
                "another's token"
            )
        },
        Check("the jobs of a deleted owner are to be cleared until that is noted") { subject in
            try await subject.add(.sample("aaaaaaaa"))
            try await subject.add(.sample("bbbbbbbb", .bob))
            try expectEqual(try await subject.store.ownersToClear(), [], "whose are to be cleared at first")
            for (owner, name) in [(OwnerID.ada, "deleted-1"), (.bob, "deleted-2")] {
                let deleted = try await subject.store.deleteOwner(owner, at: .at(5), audit: .sample())
                try expectEqual(deleted?.name, name, "its name")
            }
            try expectEqual(Set(try await subject.store.ownersToClear()), [.ada, .bob], "whose are to be cleared")
            try await subject.store.noteCleared(.ada, at: .at(6))
            try expectEqual(try await subject.store.ownersToClear(), [.bob], "whose are to be cleared still")
        },
    ]
}
