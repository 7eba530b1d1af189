import SluiceStore
import SluiceTesting
import SluiceTokens
import SluiceTypes
import Testing

@Suite
struct AuthenticationTests {
    @Test("A good token proves its owner, scopes and end")
    func good() async throws {
        let bench = Bench()
        let issued = try await bench.create()
        let caller = try #require(await bench.check(issued).caller)
        #expect(caller.owner == issued.record.owner)
        #expect(caller.token == issued.record.id)
        #expect(caller.scopes == Scope.standard)
        #expect(caller.expiresAt == bench.clocks.now.adding(.seconds(90 * 86_400)))
    }

    @Test("Each bad header is told from the others")
    func bad() async throws {
        let bench = Bench()
        let text = try await bench.create().text.reveal { $0 }
        let stranger = TokenText.mint().secret.reveal { $0 }
        #expect(await bench.service.authenticate(header: nil) == .missing)
        #expect(await bench.service.authenticate(header: "") == .missing)
        #expect(await bench.service.authenticate(header: "Basic \(text)") == .wrongScheme)
        #expect(await bench.service.authenticate(header: text) == .wrongScheme)
        #expect(await bench.service.authenticate(header: "Bearer") == .junk)
        #expect(await bench.service.authenticate(header: "Bearer \(text)x") == .junk)
        #expect(await bench.service.authenticate(header: "Bearer \(stranger)") == .unknown)
        #expect(await bench.service.authenticate(header: "bearer \(text)").caller != nil)
    }

    @Test("A known id with another secret is unknown")
    func wrongSecret() async throws {
        let bench = Bench()
        let issued = try await bench.create()
        let other = TokenText.mint()
        var forged = issued.record
        forged = TokenRecord(
            id: other.id,
            owner: forged.owner,
            name: "forged",
            hash: forged.hash,
            scopes: forged.scopes,
            createdAt: forged.createdAt,
            expiresAt: nil
        )
        let entry = AuditEntry(at: bench.clocks.now, actor: "test", action: "token.create", subject: "", result: "ok")
        _ = try await bench.store.insert(forged, newOwner: nil, audit: entry)
        let header = "Bearer " + other.secret.reveal { $0 }
        #expect(await bench.service.authenticate(header: header) == .unknown)
    }

    @Test("A token ends at its end, not a millisecond later")
    func expiry() async throws {
        let bench = Bench()
        let order = TokenOrder(name: "short", lifetime: .lasting(.seconds(10)))
        let issued = try await bench.service.create(order, actor: "operator")
        bench.clocks.advance(.milliseconds(9_999))
        #expect(await bench.check(issued).caller != nil)
        bench.clocks.advance(.milliseconds(1))
        #expect(await bench.check(issued) == .expired(bench.clocks.now))
    }

    @Test("A revocation through the service holds at once")
    func revoked() async throws {
        let bench = Bench()
        let issued = try await bench.create()
        #expect(await bench.check(issued).caller != nil)
        _ = try await bench.service.revoke(issued.record.id, actor: "operator")
        #expect(await bench.check(issued) == .revoked)
    }

    @Test("A revocation by another process holds after half a second")
    func revokedElsewhere() async throws {
        let bench = Bench()
        let issued = try await bench.create()
        #expect(await bench.check(issued).caller != nil)
        let other = Bench.service(bench.store, bench.clocks)
        _ = try await other.revoke(issued.record.id, actor: "operator")
        bench.clocks.advance(TokenService.cacheLifetime)
        #expect(await bench.check(issued) == .revoked)
    }

    @Test("While the store is away an unknown token is never accepted, and a known one for half a second only")
    func storeDown() async throws {
        let bench = Bench()
        let known = try await bench.create("known")
        let unseen = try await bench.create("unseen")
        #expect(await bench.check(known).caller != nil)
        bench.store.set(outage: outage)
        #expect(await bench.check(unseen) == .storeDown)
        #expect(await bench.check(known).caller != nil)
        bench.clocks.advance(TokenService.cacheLifetime)
        #expect(await bench.check(known) == .storeDown)
        bench.store.set(outage: nil)
        #expect(await bench.check(unseen).caller != nil)
    }

    @Test("The last use is written to the minute, when flushed, and is kept through an outage")
    func lastUse() async throws {
        let bench = Bench()
        let issued = try await bench.create()
        bench.clocks.advance(.milliseconds(90_123))
        _ = await bench.check(issued)
        #expect(try await bench.store.token(issued.record.id)?.lastUsedAt == nil)
        bench.store.set(outage: outage)
        await bench.service.flush()
        bench.store.set(outage: nil)
        await bench.service.flush()
        let minute = bench.clocks.now.milliseconds / 60_000 * 60_000
        #expect(try await bench.store.token(issued.record.id)?.lastUsedAt == Timestamp(milliseconds: minute))
    }

    @Test("Operators see a use that is not written yet")
    func unwrittenUse() async throws {
        let bench = Bench()
        let issued = try await bench.create()
        let id = issued.record.id
        _ = await bench.check(issued)
        let minute = Timestamp(milliseconds: bench.clocks.now.milliseconds / 60_000 * 60_000)
        #expect(try await bench.service.token(id)?.lastUsedAt == minute)
        #expect(try await bench.service.tokens(owner: nil).map(\.lastUsedAt) == [minute])
        let rotated = try await bench.service.rotate(id, grace: .seconds(60), actor: "operator")
        #expect(rotated.replaced?.lastUsedAt == minute)
        #expect(rotated.record.lastUsedAt == nil)
        #expect(try await bench.service.revoke(id, actor: "operator").lastUsedAt == minute)
    }

    @Test("An id that the store does not have is looked up once in half a second")
    func misses() async throws {
        let bench = Bench()
        let stranger = "Bearer " + TokenText.mint().secret.reveal { $0 }
        #expect(await bench.service.authenticate(header: stranger) == .unknown)
        bench.store.set(outage: outage)
        #expect(await bench.service.authenticate(header: stranger) == .unknown)
        bench.clocks.advance(TokenService.cacheLifetime)
        #expect(await bench.service.authenticate(header: stranger) == .storeDown)
        bench.store.set(outage: nil)
    }

    @Test("The end is announced from 14 days before")
    func warning() async throws {
        let bench = Bench()
        let order = TokenOrder(name: "app", lifetime: .lasting(.seconds(15 * 86_400)))
        let issued = try await bench.service.create(order, actor: "operator")
        let caller = try #require(await bench.check(issued).caller)
        #expect(caller.expiryWarning(at: bench.clocks.now) == nil)
        bench.clocks.advance(.seconds(86_400))
        #expect(caller.expiryWarning(at: bench.clocks.now) == caller.expiresAt)
    }

    @Test("A narrowed token allows its types and models only")
    func narrowing() async throws {
        let bench = Bench()
        let order = TokenOrder(name: "narrow", types: [.chat], models: ["gpt-4*", "stub-echo"])
        let caller = try #require(await bench.check(try await bench.service.create(order, actor: "operator")).caller)
        let aliases = ModelAliases()
        for model in ["gpt-4o", "stub-echo"] {
            let allowed = try caller.allow(.chat, model: model, aliases: aliases)
            #expect((allowed.owner, allowed.token) == (caller.owner, caller.token))
            #expect((allowed.operation, allowed.model) == (.chat, model))
            #expect(caller.mayAsk(.chat, model: model, aliases: aliases))
        }
        #expect(throws: NotAllowed.operation(allowed: [.chat])) {
            try caller.allow(.completion, model: "gpt-4o", aliases: aliases)
        }
        for model in ["gpt-3.5", "stub-echo-2"] {
            let refusal = NotAllowed.model(model, allowed: ["gpt-4*", "stub-echo"])
            #expect(throws: refusal) { try caller.allow(.chat, model: model, aliases: aliases) }
            #expect(!caller.mayAsk(.chat, model: model, aliases: aliases))
        }
    }

    @Test(
        "A narrowed token allows an alias by its own name or by all behind it, and each name of a route",
        arguments: [
            (["fast"], "fast", [], nil), (["gpt-*"], "fast", [], nil), (["fast*"], "fast", [], "fast"),
            (["gpt-4o"], "fast", [], "fast"), (["gpt-4o"], "gpt-4o", ["gpt-3"], "gpt-3"),
            (["gpt-*"], "gpt-4o", ["gpt-3", "fast"], nil), (["gpt-*"], "gpt-4o", ["o1"], "o1"),
            // One name that could be read as two is none, whoever asks.
            (["gpt-*"], "gpt-4o\u{1F}o1", [], "gpt-4o\u{1F}o1"), (nil, "gpt-4o\u{1F}o1", [], "gpt-4o\u{1F}o1"),
            (nil, "anything", ["else"], nil),
        ] as [([String]?, String, [String], String?)]
    )
    func routes(models: [String]?, model: String, fallbacks: [String], refused: String?) throws {
        let aliases = ModelAliases(["fast": ["gpt-4o", "gpt-3"]])
        let caller = Caller(
            owner: OwnerID(rawValue: "o"),
            token: TokenID(rawValue: "t"),
            scopes: [],
            models: models
        )
        if let refused {
            #expect(throws: NotAllowed.model(refused, allowed: models ?? [])) {
                try caller.allow(.chat, model: model, fallbacks: fallbacks, aliases: aliases)
            }
        } else {
            let allowed = try caller.allow(.chat, model: model, fallbacks: fallbacks, aliases: aliases)
            #expect((allowed.model, allowed.route.fallbacks) == (model, fallbacks))
        }
    }

    @Test("Ten quick failures are free, then an address must wait; another address is not touched")
    func limiter() {
        let limiter = FailureLimiter()
        let start = ContinuousClock.now
        for _ in 0..<10 { #expect(limiter.failed("192.0.2.1", at: start) == nil) }
        #expect(limiter.failed("192.0.2.1", at: start) == .seconds(6))
        #expect(limiter.failed("192.0.2.1", at: start) == .seconds(6))
        #expect(limiter.failed("192.0.2.2", at: start) == nil)
        #expect(limiter.failed("192.0.2.1", at: start.advanced(by: .seconds(6))) == nil)
        #expect(limiter.failed("192.0.2.1", at: start.advanced(by: .seconds(6))) != nil)
    }
}
