import SluiceStore
import SluiceTesting
import SluiceTokens
import SluiceTypes
import Testing

/// API tokens that were made elsewhere.
@Suite("An imported token")
struct ForeignTokenTests {
    private static let text = "sk-legacy-9fQ2xVb7LmR4tYw8ZpN3cKd6HsJ1gA5e"

    @Test(
        "is refused in words when somebody could guess it, or when it is none",
        arguments: [
            ("", "not 0"), ("abcdefghijklmnopqrstuvwxyz01234", "32 to 512 characters, not 31"),
            (String(repeating: "abcdefghij", count: 52), "not 520"),
            ("9f8b7c6d-5e4f-4a3b-8c2d-1e0f9a8b7c6d", "UUID"), ("9F8B7C6D-5E4F-4A3B-8C2D-1E0F9A8B7C6D", "122 bits"),
            ("urn:uuid:9f8b7c6d-5e4f-4a3b-8c2d-1e0f9a8b7c6d", "UUID"),
            ("{9f8b7c6d-5e4f-4a3b-8c2d-1e0f9a8b7c6d}", "UUID"),
            (String(repeating: "abc", count: 40), "at least 10 different characters, not 3"),
            ("abcdefghijabcdefghijabcdefghijabcdefgh", "126 bits at most"),
            ("a token with blanks that is long enough 123", "visible ASCII"), ("ä" + text, "visible ASCII"),
            ("slc_" + text, "slc_"),
        ]
    )
    func refused(text: String, words: String) {
        let error = #expect(throws: TokenError.self) { try ForeignToken(text) }
        #expect(error?.code == .invalid && error?.message.contains(words) == true, "\(error?.message ?? "taken")")
        #expect(text.isEmpty || error?.message.contains(text) == false)
    }

    @Test(
        "may have any shape else",
        arguments: [
            text, "9f8b7c6d5e4f4a3b8c2d1e0f9a8b7c6d", String(repeating: "abcdefghij", count: 51),
            "eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl",
        ]
    )
    func taken(text: String) throws {
        #expect(try ForeignToken(text).hash == TokenHash(of: text))
    }

    private static func take(
        _ bench: Bench,
        _ text: String = text,
        lifetime: TokenLifetime = .standard
    ) async throws -> IssuedToken {
        let order = TokenOrder(name: "legacy", scopes: [.jobsRead], lifetime: lifetime)
        return try await bench.service.take(ForeignToken(text), order, actor: "operator")
    }

    @Test("is good at once, for what it may do, until it ends or is revoked; and is told from what is not quite it")
    func good() async throws {
        let bench = Bench()
        let issued = try await Self.take(bench, lifetime: .lasting(.seconds(10)))
        #expect(issued.record.isImported && !Self.text.contains(issued.record.id.rawValue))
        let caller = try #require(await bench.check(issued).caller)
        #expect(caller.token == issued.record.id && caller.scopes == [.jobsRead])
        for wrong in [Self.text + "x", String(Self.text.dropLast()), Self.text.lowercased()] {
            #expect(await bench.service.authenticate(header: "Bearer \(wrong)") == .unknown)
        }
        bench.clocks.advance(.seconds(10))
        #expect(await bench.check(issued) == .expired(issued.record.expiresAt ?? .now()))
        #expect(try await bench.store.audit(AuditQuery(limit: 1)).first?.action == "token.import")
    }

    @Test("is taken once, also after it was revoked, and needs an end")
    func once() async throws {
        let bench = Bench()
        let issued = try await Self.take(bench)
        for _ in 0..<2 {
            let error = await #expect(throws: TokenError.self) {
                let order = TokenOrder(name: "again", owner: "legacy")
                return try await bench.service.take(ForeignToken(Self.text), order, actor: "operator")
            }
            #expect(error?.code == .known)
            _ = try await bench.service.revoke(issued.record.id, actor: "operator")
            #expect(await bench.check(issued).caller == nil)
        }
        let endless = await #expect(throws: TokenError.self) {
            try await Self.take(bench, Self.text + "2", lifetime: .never)
        }
        #expect(endless?.message.contains("must have an end") == true)
    }

    @Test("that another process took, or revoked, is known within a second; what is none costs no read meanwhile")
    func elsewhere() async throws {
        let bench = Bench()
        let other = Bench.service(bench.store, bench.clocks)
        let header = "Bearer \(Self.text)"
        #expect(await other.authenticate(header: header) == .unknown)
        let issued = try await Self.take(bench)
        bench.store.set(outage: outage)
        for number in 0..<100 {
            #expect(await other.authenticate(header: "Bearer \(Self.text)\(number)") == .unknown)
        }
        bench.clocks.advance(.seconds(1))
        #expect(await other.authenticate(header: header) == .storeDown)
        bench.store.set(outage: nil)
        bench.clocks.advance(.seconds(1))
        #expect(await other.authenticate(header: header).caller?.token == issued.record.id)
        _ = try await bench.service.revoke(issued.record.id, actor: "operator")
        bench.clocks.advance(.seconds(1))
        #expect(await other.authenticate(header: header).caller == nil)
    }

    @Test("has a successor of our own making")
    func rotated() async throws {
        let bench = Bench()
        let issued = try await Self.take(bench)
        let next = try await bench.service.rotate(issued.record.id, grace: .zero, actor: "operator")
        #expect(!next.record.isImported && next.text.reveal { $0.hasPrefix("slc_") })
        #expect(await bench.check(next).caller?.owner == issued.record.owner)
    }
}
