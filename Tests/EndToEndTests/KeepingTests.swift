import Foundation
import LoopbackProvider
import SluiceJSON
import Testing

/// What is kept for how long, and what is sent again.
@Suite(.timeLimit(.minutes(2))) struct KeepingTests {
    @Test func anAnswerIsGoneWhenItHasBeenKeptForItsTime() async throws {
        let gateway = try await Gateway.start(in: Home(), ["--keep-succeeded", "1s"])
        let token = try await gateway.token()
        let dead = try await gateway.prompt(model: "stub-error-content-filter", token: token)
        #expect(try await gateway.end(of: dead, token: token)[key: "status"]?.string == "dead")
        let id = try await gateway.prompt(token: token, headers: ["Idempotency-Key": "k"])
        while try await gateway.send("GET", "/v1/prompts/\(id)", token: token).status != 404 {
            try Task.checkCancellation()
        }
        #expect(try await gateway.send("GET", "/v1/prompts/\(id)/attempts", token: token).status == 404)
        #expect(
            try await gateway.prompt(token: token, headers: ["Idempotency-Key": "k"]) != id,
            "the key outlived its job"
        )
        #expect(try await gateway.record(dead, token: token)[key: "status"]?.string == "dead")
    }

    @Test func theAuditIsCutWhenItHasBeenKeptForItsTime() async throws {
        let gateway = try await Gateway.start(in: Home(), ["--keep-audit", "1s"])
        _ = try await gateway.token()
        // The command that looks is no line of the audit itself.
        while try await Command.run("audit", "--data", gateway.home.data).output.contains("token.create") {
            try Task.checkCancellation()
        }
        #expect(await gateway.stop() == 0)
    }

    @Test func eachTimeIsASettingWithItsVariable() async throws {
        let help = try await Command.run("serve", "--help").output
        for (flag, variable, preset) in [
            ("--keep-succeeded", "SLUICE_KEEP_SUCCEEDED", "30d"), ("--keep-dead", "SLUICE_KEEP_DEAD", "90d"),
            ("--keep-cancelled", "SLUICE_KEEP_CANCELLED", "7d"), ("--keep-keys", "SLUICE_KEEP_KEYS", "1d"),
            ("--keep-audit", "SLUICE_KEEP_AUDIT", "400d"),
        ] {
            #expect(help.contains(flag) && help.contains("\(variable); \(preset)"), "\(flag)")
        }
        let home = try Home()
        let process = try Command(
            ["serve", "--data", home.data, "--providers", home.providers],
            environment: ["SLUICE_KEEP_DEAD": "0s"]
        )
        #expect(await process.ended() == 64)
        #expect(process.errors.text.contains("SLUICE_KEEP_DEAD"))
    }

    @Test func aDeadPromptIsSentAgainByItsOwner() async throws {
        let provider = try await LoopbackProvider.start { _, number in
            number == 0 ? .openAIError(400, type: "invalid_request_error") : .chat(text: "Better")
        }
        let gateway = try await UpstreamTests.gateway(provider)
        let token = try await gateway.token(
            "app",
            "--scope",
            "jobs:write",
            "--scope",
            "jobs:read",
            "--scope",
            "jobs:redrive"
        )
        let id = try await gateway.prompt(model: "gpt-4o-mini", token: token)
        let error = try await gateway.end(of: id, token: token)[key: "error"]
        #expect(error?[key: "class"]?.string == "invalidRequest")
        #expect(error?[key: "provider"]?.string == "loopback")
        #expect(error?[key: "httpStatus"]?.integer == 400)
        let answer = try await gateway.send("POST", "/v1/prompts/\(id)/redrive", token: token)
        #expect(answer.status == 202, "\(answer.text)")
        #expect(answer["Location"] == "/v1/prompts/\(id)")
        #expect(try await gateway.end(of: id, token: token)[key: "response"]?.string == "Better")
        let attempts = try await gateway.send("GET", "/v1/prompts/\(id)/attempts", token: token).json()[key: "attempts"]
        #expect(attempts?.elements.map { $0[key: "httpStatus"]?.integer } == [400, 200])
        let audit = try await Command.run("audit", "--action", "redrive", "--data", gateway.home.data)
        #expect(audit.output.contains(id) && audit.output.contains(token.dropFirst(4).prefix(8)), "\(audit.output)")
    }

    @Test func whatIsShorterThanItMayBeIsSaid() async throws {
        let gateway = try await Gateway.start(in: Home(), ["--keep-ledger", "10d", "--keep-usage", "20d"])
        _ = await gateway.process.logs("--keep-ledger 10d is shorter than prompts are kept: it counts as 90d")
        _ = await gateway.process.logs("--keep-usage 20d is shorter than the ledger is kept: it counts as 90d")
        #expect(await gateway.stop() == 0)
    }
}
