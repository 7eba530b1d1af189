import Foundation
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

    @Test func aTokenMayComeBeforeTheFirstStart() async throws {
        let home = try Home()
        let token = try await home.token("early")
        let gateway = try await Gateway.start(in: home)
        #expect(try await Self.status(gateway, token) == 200)
    }

    @Test(arguments: [["token", "list"], ["token", "create", "--name", "x"]])
    func aDirectoryOfOtherThingsIsLeftAlone(command: [String]) async throws {
        let home = try Home()
        // What reads makes no store; what makes one takes no directory that has something else in it.
        if command.count > 2 {
            try FileManager.default.createDirectory(atPath: home.data, withIntermediateDirectories: true)
            try Data("mine".utf8).write(to: URL(fileURLWithPath: home.data + "/notes"))
        }
        let process = try Command(command + ["--data", home.data])
        #expect(await process.ended() == 1)
        #expect(process.errors.text.contains("SLUICE_DATA") && process.errors.text.contains("sluice serve"))
        #expect(process.output.text.isEmpty)
        #expect(unsafe access(home.data + "/sluice.db", F_OK) != 0, "a store was made")
    }

    @Test(arguments: [true, false])
    func aTokenIsImportedFromAFileThatOthersCantRead(isServing: Bool) async throws {
        let home = try Home()
        let gateway = isServing ? try await Gateway.start(in: home) : nil
        let text = "legacy-9fQ2xVb7LmR4tYw8ZpN3cKd6HsJ1gA5e"
        let file = home.providers + ".token"
        try Data("\(text)\n".utf8).write(to: URL(fileURLWithPath: file))
        let line = ["token", "import", "--name", "legacy", "--file", file, "--data", home.data]
        #expect(unsafe chmod(file, 0o644) == 0)
        let open = try Command(line)
        #expect(await open.ended() == 1)
        #expect(open.errors.text.contains("chmod 600"))
        #expect(unsafe chmod(file, 0o600) == 0)
        let taken = try Command(line)
        #expect(await taken.ended() == 0, "\(taken.errors.text)")
        #expect(taken.output.text.isEmpty && taken.errors.text.contains("owner legacy"))
        let serving: Gateway
        if let gateway { serving = gateway } else { serving = try await Gateway.start(in: home) }
        #expect(try await Self.status(serving, text) == 200)
        #expect(try await Self.status(serving, text + "x") == 401)
        let again = try Command(line.map { $0 == "legacy" ? "other" : $0 })
        #expect(await again.ended() == 1)
        #expect(again.errors.text.contains("known already"))
        #expect(!again.errors.text.contains(text) && !taken.errors.text.contains(text))
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
