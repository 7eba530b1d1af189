import SluiceStore
import SluiceTesting
import SluiceTokens
import SluiceTypes
import Testing

@Suite
struct ManagementTests {
    @Test("A token makes its owner, and joins one that is named by name or id")
    func owners() async throws {
        let bench = Bench()
        let first = try await bench.create("shop")
        let second = try await bench.service.create(TokenOrder(name: "b", owner: "shop"), actor: "operator")
        let byID = TokenOrder(name: "c", owner: first.record.owner.rawValue)
        let third = try await bench.service.create(byID, actor: "operator")
        #expect(second.record.owner == first.record.owner)
        #expect(third.record.owner == first.record.owner)
        #expect(try await bench.service.owners().map(\.name) == ["shop"])
        #expect(try await bench.service.tokens(owner: first.record.owner).count == 3)
    }

    @Test("An owner's name that is taken is refused, with the way to use it")
    func ownerExists() async throws {
        let bench = Bench()
        _ = try await bench.create("shop")
        let error = await #expect(throws: TokenError.self) { try await bench.create("shop") }
        #expect(error?.code == .ownerExists)
        #expect(error?.message.contains("--owner shop") == true)
        #expect(try await bench.service.tokens(owner: nil).count == 1)
    }

    @Test("An order that makes no sense is refused")
    func badOrders() async throws {
        let bench = Bench()
        let orders = [
            TokenOrder(name: ""), TokenOrder(name: "a\nb"), TokenOrder(name: "a", scopes: []),
            TokenOrder(name: "a", types: []), TokenOrder(name: "a", models: []),
            TokenOrder(name: "a", lifetime: .lasting(.zero)),
            TokenOrder(name: String(repeating: "x", count: 129)),
        ]
        for order in orders {
            let error = await #expect(throws: TokenError.self) {
                try await bench.service.create(order, actor: "operator")
            }
            #expect(error?.code == .invalid)
        }
        #expect(try await bench.service.owners().isEmpty)
    }

    @Test("A token for an unknown owner is refused")
    func unknownOwner() async throws {
        let bench = Bench()
        let error = await #expect(throws: TokenError.self) {
            try await bench.service.create(TokenOrder(name: "a", owner: "nobody"), actor: "operator")
        }
        #expect(error?.code == .ownerUnknown)
    }

    @Test("The store never holds a token's text")
    func hashOnly() async throws {
        let bench = Bench()
        let issued = try await bench.create()
        let record = try #require(await bench.service.token(issued.record.id))
        let text = issued.text.reveal { $0 }
        #expect(!"\(record)".contains(text.suffix(38)))
        #expect(record.hash == TokenText(text)?.hash.bytes)
    }

    @Test("During the grace both tokens work, after it only the successor, for the same owner")
    func rotation() async throws {
        let bench = Bench()
        let order = TokenOrder(
            name: "app",
            scopes: [.jobsRead],
            lifetime: .lasting(.seconds(1000)),
            types: [.chat],
            models: ["stub-*"]
        )
        let old = try await bench.service.create(order, actor: "operator")
        bench.clocks.advance(.seconds(400))
        let new = try await bench.service.rotate(old.record.id, grace: .seconds(3), actor: "operator")
        let (oldCaller, newCaller) = (await bench.check(old).caller, await bench.check(new).caller)
        #expect(oldCaller?.owner == newCaller?.owner)
        #expect(newCaller?.scopes == [.jobsRead])
        #expect(newCaller?.types == [.chat])
        #expect(newCaller?.models == ["stub-*"])
        #expect(new.record.name == "app")
        // The successor lasts as long as the old one was made for, not as long as it had left.
        #expect(new.record.expiresAt == bench.clocks.now.adding(.seconds(1000)))
        #expect(new.replaced?.status(at: bench.clocks.now) == .rotated)
        bench.clocks.advance(.seconds(3))
        #expect(await bench.check(old).caller == nil)
        #expect(await bench.check(new).caller != nil)
    }

    @Test("With no grace the old token ends at once")
    func noGrace() async throws {
        let bench = Bench()
        let old = try await bench.create()
        #expect(await bench.check(old).caller != nil)
        let new = try await bench.service.rotate(old.record.id, grace: .zero, actor: "operator")
        #expect(await bench.check(old).caller == nil)
        #expect(await bench.check(new).caller != nil)
    }

    @Test("A grace beyond 7 days, a second rotation and the rotation of nothing are refused")
    func badRotations() async throws {
        let bench = Bench()
        let old = try await bench.create()
        let long = await #expect(throws: TokenError.self) {
            try await bench.service.rotate(old.record.id, grace: .seconds(7 * 86_400 + 1), actor: "operator")
        }
        #expect(long?.code == .invalid)
        let new = try await bench.service.rotate(old.record.id, grace: .seconds(60), actor: "operator")
        let again = await #expect(throws: TokenError.self) {
            try await bench.service.rotate(old.record.id, grace: .seconds(60), actor: "operator")
        }
        #expect(again?.code == .ended)
        #expect(again?.message.contains(new.record.id.rawValue) == true)
        let nothing = await #expect(throws: TokenError.self) {
            try await bench.service.rotate(TokenID(rawValue: "00000000"), grace: .zero, actor: "operator")
        }
        #expect(nothing?.code == .tokenUnknown)
    }

    @Test("Every change leaves a line in the audit, refused ones with the reason, none with a secret")
    func audit() async throws {
        let bench = Bench()
        let old = try await bench.create()
        let new = try await bench.service.rotate(old.record.id, grace: .zero, actor: "operator")
        _ = try await bench.service.revoke(new.record.id, actor: "operator")
        _ = await #expect(throws: TokenError.self) {
            try await bench.service.revoke(TokenID(rawValue: "00000000"), actor: "operator")
        }
        let entries = try await bench.store.audit(AuditQuery(limit: 10))
        #expect(entries.map(\.action) == ["token.revoke", "token.revoke", "token.rotate", "token.create"])
        #expect(entries.map(\.subject).suffix(3) == [new.record.id, old.record.id, old.record.id].map(\.rawValue))
        #expect(entries.first?.result != "ok")
        #expect(entries.dropFirst().allSatisfy { $0.result == "ok" && $0.actor == "operator" })
        #expect(!"\(entries)".contains("slc_"))
    }

    @Test("Trouble of the store is told as such")
    func storeTrouble() async throws {
        let bench = Bench()
        bench.store.set(outage: .refusing(StoreError(.full, "the disk is full")))
        let error = await #expect(throws: TokenError.self) { try await bench.create() }
        #expect(error?.code == .store)
        #expect(error?.storeCode == .full)
    }
}
