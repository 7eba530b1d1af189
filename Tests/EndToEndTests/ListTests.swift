import Foundation
import LoopbackProvider
import SluiceJSON
import SluiceTesting
import Testing

/// What operators' lists look like on a terminal, and in a pipe.
@Suite("Lists", .timeLimit(.minutes(2)))
struct ListTests {
    private static let long = "a-model-with-a-very-long-name-of-its-own-2026-11-28-preview-instruct"

    private static func providers(_ url: String) -> String {
        #"""
        {"version": 1, "providers": [
          {"name": "stub", "adapter": "stub", "type": ["chat"], "models": ["stub-*"]},
          {"name": "a-row-with-quite-a-long-name", "adapter": "openai-chat", "type": "chat",
           "models": ["\#(long)", "\#(long)-2"], "baseURL": "\#(url)/v1", "credential": {"env": "LOOPBACK_KEY"}}]}
        """#
    }

    /// What a command shows in a terminal of 80 columns, without its colours.
    private static func shown(_ home: Home, _ arguments: [String]) async throws -> [String] {
        let script = FileManager.default.currentDirectoryPath + "/Tests/python/inpty.py"
        let line = ["python3", "-B", script, "80", Command.sluice] + arguments + ["--data", home.data]
        let command = try Command(line, program: "/usr/bin/env", environment: [:])
        _ = await command.ended()
        return command.output.text.split(separator: "\n").map(String.init)
    }

    private static func plain(_ line: String) -> String {
        line.replacing(#/\u{1B}\[[0-9;]*m/#, with: "")
    }

    @Test(
        "of jobs and of prompts find what is meant by what their callers have said of them, by row, by class, and by time"
    )
    func filters() async throws {
        let home = try Home()
        let gateway = try await Gateway.start(in: home)
        let token = try await gateway.token("team-a")
        let other = try await gateway.token("team-b")
        let b1 = #","metadata":{"batch":"b1","step":"a b&c=d"}"#
        let first = try await gateway.prompt(token: token, b1)
        let second = try await gateway.prompt(token: token, #","metadata":{"batch":"b2"}"#)
        let dead = try await gateway.prompt(
            model: "stub-error-server",
            token: token,
            #","tries":1,"metadata":{"batch":"b1"}"#
        )
        let foreign = try await gateway.prompt(token: other, b1)
        let later = try await gateway.prompt(token: token, #","delaySeconds":600,"metadata":{"batch":"b1"}"#)
        for id in [first, second, dead] { _ = try await gateway.end(of: id, token: token) }
        _ = try await gateway.end(of: foreign, token: other)
        func listed(_ query: String, _ token: String) async throws -> [String] {
            let answer = try await gateway.send("GET", "/v1/prompts?\(query)", token: token)
            #expect(answer.status == 200, "\(answer.text)")
            return (try answer.json()[key: "prompts"]?.elements ?? []).compactMap { $0[key: "id"]?.string }
        }
        #expect(try await listed("metadata.batch=b1", token) == [later, dead, first])
        #expect(try await listed("metadata.batch=b1&metadata.step=a%20b%26c%3Dd", token) == [first])
        #expect(try await listed("metadata.batch=b1", other) == [foreign])
        #expect(try await listed("class=server", token) == [dead])
        #expect(
            try await listed(
                "provider=stub&until=2999-01-01T00:00:00Z&since=2020-01-01T00:00:00Z&status=succeeded",
                token
            ) == [second, first]
        )
        #expect(try await listed("since=2999-01-01T00:00:00Z", token) == [])
        let refused = try await gateway.send("GET", "/v1/prompts?metadata.=b1&since=now", token: token)
        #expect(refused.status == 400 && refused.text.contains("metadata.NAME") && refused.text.contains("RFC 3339"))
        func ids(_ arguments: String...) async throws -> [String] {
            let answer = try await Command.run(arguments + ["--data", home.data, "--json=id"])
            #expect(answer.status == 0, "\(answer.errors)")
            let root = try Document(Array(answer.output.utf8)).root
            return (root[key: "jobs"]?.elements ?? []).compactMap { $0[key: "id"]?.string }
        }
        #expect(try await ids("job", "list", "--metadata", "batch=b1", "--provider", "stub") == [foreign, dead, first])
        #expect(try await ids("job", "dead", "--metadata", "batch=b1", "--since", "1h") == [dead])
        #expect(try await ids("job", "dead", "--metadata", "batch=b1", "--until", "1h") == [])
        let cancelled = try await Command.run(["job", "cancel", "--metadata", "batch=b1", "--data", home.data])
        #expect(cancelled.output.split(separator: "\n").map(String.init) == [later])
        let redriven = try await Command.run([
            "job", "redrive", "--metadata", "batch=b1", "--provider", "stub", "--data", home.data,
        ])
        #expect(redriven.output.split(separator: "\n").map(String.init) == [dead])
        let wrong = try await Command.run(["job", "list", "--since", "1h", "--until", "2h", "--data", home.data])
        #expect(wrong.status == 64 && wrong.errors.contains("give --since the longer time"))
        #expect(await gateway.stop() == 0)
    }

    @Test("fit a terminal of 80 columns, a line a row, and are whole in a pipe")
    func widths() async throws {
        let provider = try await LoopbackProvider.start { _, _ in
            .response(429, headers: [("Retry-After", "600"), ("Content-Type", "application/json")], text: "{}")
        }
        let home = try Home(Self.providers(provider.url))
        let gateway = try await Gateway.start(in: home, environment: ["LOOPBACK_KEY": UpstreamTests.key])
        let token = try await gateway.token(
            "somebody-with-a-long-name@team.example.org",
            "--model",
            "stub-*",
            "--model",
            Self.long
        )
        var ids: [String] = []
        for model in [Self.long, Self.long, "stub-error-400", "stub-echo"] {
            let body = #"{"type":"chat","model":"\#(model)","prompt":"Hi"}"#
            let answer = try await gateway.send("POST", "/v1/prompts", token: token, body: body)
            ids.append(try #require(try answer.json()[key: "id"]?.string))
        }
        _ = try await gateway.end(of: ids[2], token: token)
        _ = try await gateway.end(of: ids[3], token: token)
        var waiting = ""
        // The first is asked to wait, and so are those behind it.
        while !waiting.contains("asked to wait") {
            try Task.checkCancellation()
            waiting = try await Command.run("job", "list", "--data", home.data).output
        }
        let lists: [(arguments: [String], rows: Int)] = [
            (["job", "list"], 4), (["job", "dead"], 1), (["provider", "list"], 2), (["token", "list"], 1),
            (["owner", "list"], 1), (["audit"], 1), (["usage", "--by", "owner,model"], 1),
            (["job", "attempts", ids[0]], 1),
        ]
        for (arguments, rows) in lists {
            let lines = try await Self.shown(home, arguments).map(Self.plain)
            #expect(lines.allSatisfy { $0.count <= 80 }, "\(arguments): \(lines)")
            #expect(lines.count >= rows + 1, "\(arguments): \(lines)")
        }
        let jobs = try await Self.shown(home, ["job", "list"]).map(Self.plain)
        #expect(jobs.count == 5 && jobs[0].hasPrefix("ID") && jobs[0].contains("WHY"))
        // What is shown of an id names the job.
        let short = try #require(jobs[1].split(separator: " ").first.map(String.init))
        let job = try await Command.run("job", "show", short, "--data", home.data)
        #expect(job.status == 0 && job.output.contains(ids[3]))
        // The pipe is whole.
        for id in ids { #expect(waiting.contains(id)) }
        #expect(waiting.contains(Self.long) && waiting.contains("WAITING FOR") && !waiting.contains("…"))

        let status = try await Self.shown(home, ["status"]).map(Self.plain)
        #expect(status.allSatisfy { $0.count <= 80 }, "\(status)")
        #expect(status.contains { $0.hasPrefix("queued wait") && $0.contains("2 for a provider that asked to wait") })
        #expect(status.contains { $0.contains("a-row-with-quite-a-long-name") && $0.contains("window") })
        #expect(await gateway.stop() == 0)
        // Without a server the store's own numbers are told.
        let offline = try await Command.run("status", "--data", home.data)
        #expect(offline.status == 1 && offline.output.contains("no gateway runs"))
        #expect(offline.output.contains("4 jobs: 2 queued, 1 succeeded, 1 dead"))
    }

    @Test("have colours on a terminal, and none where NO_COLOR is set or nobody looks")
    func colors() async throws {
        let home = try Home()
        let gateway = try await Gateway.start(in: home)
        let painted = try await Self.shown(home, ["provider", "list"])
        #expect(painted.contains { $0.contains("\u{1B}[32mok") })
        let script = FileManager.default.currentDirectoryPath + "/Tests/python/inpty.py"
        let line = [
            "NO_COLOR=1", "python3", "-B", script, "80", Command.sluice, "provider", "list", "--data", home.data,
        ]
        let plain = try Command(line, program: "/usr/bin/env")
        _ = await plain.ended()
        #expect(!plain.output.text.contains("\u{1B}") && plain.output.text.contains("ok"))
        #expect(!(try await Command.run("provider", "list", "--data", home.data)).output.contains("\u{1B}"))
        #expect(await gateway.stop() == 0)
    }

    @Test("errors are JSON where JSON was asked for")
    func errors() async throws {
        let home = try Home()
        let gateway = try await Gateway.start(in: home)
        let missing = try await Command.run("job", "show", "01a23181-a321", "--json", "--data", home.data)
        #expect(missing.status == 1 && missing.output.isEmpty)
        let error = try Document(Array(missing.errors.utf8)).root
        #expect(error[key: "exitCode"]?.integer == 1)
        #expect(error[key: "problem"]?[key: "status"]?.integer == 404)
        #expect(error[key: "error"]?.string?.contains("no job has this id") == true)
        let unknown = try await Command.run("status", "--json=ready,nonsense", "--data", home.data)
        #expect(unknown.status == 1 && unknown.errors.contains("waiting"))
        let misspelt = try await Command.run("jbo", "list")
        #expect(misspelt.status == 64 && misspelt.errors.contains("Did you mean `sluice job`?"))
        #expect(try await Command.run("-v").output == (try await Command.run("--version")).output)
        #expect(await gateway.stop() == 0)
    }
}
