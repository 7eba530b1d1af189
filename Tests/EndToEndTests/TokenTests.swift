import Glibc
import SluiceJSON
import Testing

@Suite(.timeLimit(.minutes(2))) struct TokenTests {
    private static func id(_ token: String) -> String { String(token.dropFirst(4).prefix(8)) }

    private static func status(_ gateway: Gateway, _ token: String) async throws -> Int {
        try await gateway.send("GET", "/v1/prompts", token: token).status
    }

    @Test func aRotatedTokenWorksUntilItsGraceEndsAndItsSuccessorSeesTheSameJobs() async throws {
        let gateway = try await Gateway.start(in: Home())
        let old = try await gateway.token()
        let id = try await gateway.prompt(token: old)
        let rotated = try await Command.run(
            "token",
            "rotate",
            Self.id(old),
            "--grace",
            "3s",
            "--data",
            gateway.home.data
        )
        let new = rotated.output
        #expect(rotated.status == 0)
        #expect(new.hasPrefix("slc_") && !new.contains("\n"))
        #expect(try await Self.status(gateway, old) == 200)
        #expect(try await Self.status(gateway, new) == 200)
        #expect(try await gateway.send("GET", "/v1/prompts/\(id)", token: new).status == 200)
        // Asks until the grace is over; a token that never ends fails by the time limit.
        while try await Self.status(gateway, old) == 200 { try Task.checkCancellation() }
        #expect(try await Self.status(gateway, old) == 401)
        #expect(try await Self.status(gateway, new) == 200)
    }

    @Test func aLeakedTokenEndsAtOnce() async throws {
        let gateway = try await Gateway.start(in: Home())
        let old = try await gateway.token()
        #expect(try await Self.status(gateway, old) == 200)
        let rotated = try await Command.run(
            "token",
            "rotate",
            Self.id(old),
            "--grace",
            "0s",
            "--data",
            gateway.home.data
        )
        #expect(try await Self.status(gateway, old) == 401)
        #expect(try await Self.status(gateway, rotated.output) == 200)
    }

    @Test func aRevokedTokenIsRefusedAtOnce() async throws {
        let gateway = try await Gateway.start(in: Home())
        let token = try await gateway.token()
        #expect(try await Self.status(gateway, token) == 200)
        #expect(try await Command.run("token", "revoke", Self.id(token), "--data", gateway.home.data).status == 0)
        #expect(try await Self.status(gateway, token) == 401)
    }

    @Test func tokensAreMadeAndRevokedWhileNoServerRuns() async throws {
        let home = try Home()
        #expect(await (try await Gateway.start(in: home)).stop() == 0)
        let kept = try await home.token("kept")
        let revoked = try await home.token("revoked")
        #expect(try await Command.run("token", "revoke", Self.id(revoked), "--data", home.data).status == 0)
        let gateway = try await Gateway.start(in: home)
        #expect(try await Self.status(gateway, kept) == 200)
        #expect(try await Self.status(gateway, revoked) == 401)
    }

    @Test func aStoreThatWasNeverServedIsLeftAlone() async throws {
        let home = try Home()
        let outcome = try await Command.run("token", "create", "--name", "early", "--data", home.data)
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains("sluice serve"))
        #expect(outcome.output.isEmpty)
        #expect(unsafe access(home.data, F_OK) != 0, "a data directory was made")
    }

    @Test func noOtherOwnerSeesAJob() async throws {
        let gateway = try await Gateway.start(in: Home())
        let (mine, theirs) = (try await gateway.token("mine"), try await gateway.token("theirs"))
        let id = try await gateway.prompt(token: mine)
        #expect(try await gateway.send("GET", "/v1/prompts/\(id)", token: theirs).status == 404)
        #expect(try await gateway.send("POST", "/v1/prompts/\(id)/cancel", token: theirs).status == 404)
        #expect(try await gateway.send("DELETE", "/v1/prompts/\(id)", token: theirs).status == 404)
        #expect(try await gateway.send("GET", "/v1/prompts", token: theirs).text.contains(id) == false)
        let second = try await gateway.token("second", "--owner", "mine")
        #expect(try await gateway.send("GET", "/v1/prompts/\(id)", token: second).status == 200)
    }

    @Test func anOwnerMayHaveAnyName() async throws {
        let home = try Home()
        let gateway = try await Gateway.start(in: home)
        let names = ["my app", "a/b", "50% ä"]
        for name in names { _ = try await gateway.token(name) }
        for isServing in [true, false] {
            if !isServing { #expect(await gateway.stop() == 0) }
            for name in names {
                let shown = try await Command.run("owner", "show", name, "--data", home.data)
                #expect(shown.status == 0 && shown.output.contains(name), "\(name): \(shown.errors)")
            }
        }
    }

    @Test func aMissingScopeIsNamed() async throws {
        let gateway = try await Gateway.start(in: Home())
        let reader = try await gateway.token("reader", "--scope", "jobs:read")
        let body = #"{"type":"chat","model":"stub-echo","prompt":"x"}"#
        let refused = try await gateway.send("POST", "/v1/prompts", token: reader, body: body)
        #expect(refused.status == 403)
        #expect(refused.text.contains("jobs:write"))
    }

    @Test func whatChangesATokenIsInTheAudit() async throws {
        let gateway = try await Gateway.start(in: Home())
        let token = try await gateway.token()
        _ = try await Command.run("token", "revoke", Self.id(token), "--data", gateway.home.data)
        let audit = try await Command.run("audit", "--token", Self.id(token), "--json", "--data", gateway.home.data)
        let entries = try Document(Array(audit.output.utf8)).root[key: "entries"]?.elements ?? []
        #expect(entries.map { $0[key: "action"]?.string } == ["token.revoke", "token.create"])
        #expect(!audit.output.contains(token))
    }
}
