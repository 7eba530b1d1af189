import Foundation
import Glibc
import LoopbackProvider
import SluiceJSON
import SluiceTesting
import Testing

/// What is left of an owner that was deleted.
@Suite("An owner that is deleted", .timeLimit(.minutes(3)))
struct OwnerDeletionTests {
    private static func json(_ home: Home, _ arguments: String...) async throws -> JSONValue {
        let done = try await Command.run(arguments + ["--json", "--data", home.data])
        guard done.status == 0 else { throw HarnessError(done.errors) }
        return try Document(Array(done.output.utf8)).root
    }

    private static func call(_ gateway: Gateway, _ token: String, _ text: String) async throws -> Answer {
        let body = #"{"model":"gpt-m","messages":[{"role":"user","content":"\#(text)"}]}"#
        return try await gateway.send(
            "POST",
            "/v1/chat/completions",
            token: token,
            headers: ["x-sluice-session": text + "-thread"],
            body: body
        )
    }

    @Test("is in no table and no file by its name; what it used stays, and nobody else notices")
    func deleted() async throws {
        let provider = try await LoopbackProvider.start { request, _ in
            let asked = String(decoding: request.body, as: UTF8.self)
            let text = asked.contains("zebra") ? "zebra-answer" : "other-answer"
            let answer = Reply.answer(.chat, [text], id: "call-1", usage: (input: 3, output: 5), isStream: false)
            return asked.contains("zebra-held")
                ? Reply([.pause(60_000)] + answer.steps) : answer
        }
        let home = try Home(Home.openAI(at: provider.url, #","prices":{"gpt-m":{"input":1,"output":1}}"#))
        let gateway = try await Gateway.start(in: home, environment: ["LOOPBACK_KEY": UpstreamTests.key])
        let token = try await gateway.token("zebra-corp", "--tag", "own")
        let other = try await gateway.token("other")
        #expect(try await Self.call(gateway, token, "zebra-text").status == 200)
        #expect(try await Self.call(gateway, other, "other-text").status == 200)
        async let held = Self.call(gateway, token, "zebra-held")
        _ = await provider.requests(atLeast: 3)
        let queued = #"{"type":"chat","model":"gpt-m","prompt":"zebra-queued","delaySeconds":3600}"#
        #expect(try await gateway.send("POST", "/v1/prompts", token: token, body: queued).status == 202)
        let limit = try await Command.run(
            "owner",
            "limit",
            "zebra-corp",
            "--budget",
            "5",
            "--per",
            "ever",
            "--data",
            home.data
        )
        #expect(limit.status == 0)

        let asked = try await Command.run("owner", "delete", "zebra-corp", "--data", home.data)
        #expect(asked.status == 1 && asked.errors.contains("--yes"))
        let deleted = try await Command.run("owner", "delete", "zebra-corp", "--yes", "--data", home.data)
        #expect(deleted.status == 0 && deleted.errors.contains("deleted-1"))
        #expect(try await gateway.send("GET", "/v1/prompts", token: token).status == 401)
        let cut = try? await held.status
        #expect(cut != 200)
        _ = await gateway.process.logs("a deleted owner's jobs are cleared")

        let usage = try await Self.json(home, "usage", "--by", "owner")
        let calls = Dictionary(
            (usage[key: "usage"]?.elements ?? []).map { ($0[key: "owner"]?.string, $0[key: "calls"]?.integer) }
        ) { $1 }
        #expect(calls == ["deleted-1": 2, "other": 1])
        let again = try await Command.run("owner", "delete", "deleted-1", "--yes", "--data", home.data)
        #expect(again.status == 1 && again.errors.contains("deleted before"))
        let made = try await Command.run("token", "create", "--name", "x", "--owner", "deleted-1", "--data", home.data)
        #expect(made.status == 1)
        #expect(try await Self.call(gateway, other, "other-text").status == 200)
        #expect(await gateway.stop() == 0)
        #expect(try await Command.run("check", "--data", home.data).status == 0)
        let bytes = try home.storedBytes()
        for word in ["zebra", "other-text"] {
            let isThere = bytes.firstRange(of: Array(word.utf8)) != nil
            #expect(isThere == (word == "other-text"), "\(word)")
        }
    }

    @Test("without a gateway is cleared when one runs")
    func offline() async throws {
        let home = try Home()
        let first = try await Gateway.start(in: home)
        let token = try await first.token("zebra-corp")
        let prompt = #"{"type":"chat","model":"stub-echo","prompt":"zebra-queued","delaySeconds":3600}"#
        #expect(try await first.send("POST", "/v1/prompts", token: token, body: prompt).status == 202)
        #expect(await first.stop() == 0)
        let deleted = try await Command.run("owner", "delete", "zebra-corp", "--yes", "--data", home.data)
        #expect(deleted.status == 0 && deleted.errors.contains("when the gateway runs"))
        let second = try await Gateway.start(in: home)
        _ = await second.process.logs("a deleted owner's jobs are cleared")
        #expect(await second.stop() == 0)
        #expect(try home.storedBytes().firstRange(of: Array("zebra".utf8)) == nil)
        #expect(try await Command.run("check", "--data", home.data).status == 0)
    }
}
