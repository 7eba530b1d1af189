import Foundation
import Glibc
import LoopbackProvider
import SluiceJSON
import SluiceTesting
import SluiceTypes
import Testing

/// Budgets of the built program, through kills and hang-ups.
@Suite("A budget", .timeLimit(.minutes(5)))
struct BudgetTests {
    /// A thousand dollars a million tokens that are written: a call of 1000 is worth a dollar.
    private static let prices = #","prices":{"gpt-*":{"input":0,"output":1000,"maxOutput":4000}}"#

    private static func chat(_ tokens: Int, stream: Bool = false) -> String {
        let streaming = stream ? #","stream":true"# : ""
        return
            #"{"model":"gpt-m","max_tokens":\#(tokens),"messages":[{"role":"user","content":"Hello"}]\#(streaming)}"#
    }

    /// Some four hundred tokens, by the estimator.
    private static let text = "Hello" + String(repeating: " and so on", count: 90)

    private static func answer(_ request: RecordedRequest) -> Reply {
        let root = (try? Document(request.body))?.root
        let tokens = Int(root?[key: "max_tokens"]?.integer ?? 1)
        let isStream = root?[key: "stream"]?.boolean == true
        return .answer(.chat, [text], id: "call-1", usage: (input: 3, output: tokens), isStream: isStream)
    }

    private static func limits(_ home: Home, _ options: String...) async throws -> JSONValue {
        let done = try await Command.run(["owner", "limit", "test", "--data", home.data, "--json"] + options)
        guard done.status == 0 else { throw HarnessError(done.errors) }
        return try Document(Array(done.output.utf8)).root
    }

    private static func usd(_ value: JSONValue?) -> Double { value?.string.flatMap { Double($0) } ?? -1 }

    private static func counts(_ ids: [String], _ gateway: Gateway, _ token: String) async throws -> [String: Int] {
        var counts: [String: Int] = [:]
        for id in ids {
            let status = try await gateway.record(id, token: token)[key: "status"]?.string ?? "none"
            counts[status, default: 0] += 1
        }
        return counts
    }

    private static func until(_ condition: () async throws -> Bool) async throws {
        while try await !condition() { try await Task.sleep(for: .milliseconds(20)) }
    }

    @Test(
        "lets as many queued jobs run as it is worth, a kill in the middle included; the others wait, and go on when it is raised"
    )
    func queued() async throws {
        let provider = try await LoopbackProvider.start { request, number in
            number < 8 ? Self.answer(request) : Reply([.pause(30)] + Self.answer(request).steps)
        }
        let home = try Home(Home.openAI(at: provider.url, #","concurrency":4"# + Self.prices))
        let environment = ["LOOPBACK_KEY": UpstreamTests.key]
        let first = try await Gateway.start(in: home, environment: environment)
        let token = try await first.token()
        _ = try await Self.limits(home, "--budget", "20", "--per", "ever")
        var ids: [String] = []
        for _ in 1...40 {
            let answer = try await first.send(
                "POST",
                "/v1/chat/completions",
                token: token,
                headers: ["Prefer": "respond-async"],
                body: Self.chat(1000)
            )
            ids.append(try #require(try answer.json()[key: "id"]?.string))
        }
        _ = await provider.requests(atLeast: 10)
        #expect(await first.stop(SIGKILL) == 128 + SIGKILL)
        let spentAtKill = Self.usd(try await Self.limits(home)[key: "spent"])
        #expect(spentAtKill <= 20)

        let second = try await Gateway.start(in: home, environment: environment)
        try await Self.until {
            let standing = try await Self.limits(home)
            return Self.usd(standing[key: "left"]) < 1 && Self.usd(standing[key: "held"]) == 0
        }
        let standing = try await Self.limits(home)
        #expect(Self.usd(standing[key: "spent"]) == 20)
        let counts = try await Self.counts(ids, second, token)
        let ran = counts["succeeded"] ?? 0
        // What the kill left open may have been paid twice: it is counted, and run again.
        #expect(provider.requests.count == 20)
        #expect(ran >= 16 && ran <= 20)
        #expect(counts["queued"] == 40 - ran)
        let waiting = try await ids.firstRecord(in: second, token) { $0[key: "status"]?.string == "queued" }
        #expect(waiting?[key: "waitingFor"]?.string?.contains("budget") == true)
        let others = try await second.token("other")
        #expect(
            try await second.send("POST", "/v1/chat/completions", token: others, body: Self.chat(1000)).status == 200
        )
        let audit = try await Command.run(["audit", "--data", home.data, "--action", "reached", "--json"])
        #expect(audit.output.components(separatedBy: "80 %").count == 2)
        #expect(audit.output.components(separatedBy: "100 %").count == 2)
        _ = try await Self.limits(home, "--budget", "1000")
        for id in ids { #expect(try await second.end(of: id, token: token)[key: "status"]?.string == "succeeded") }
        #expect(await second.stop() == 0)
        let check = try await Command.run(["check", "--data", home.data])
        #expect(check.status == 0, "\(check.output)\(check.errors)")
    }

    @Test("is used up by streams that are hung up on before their usage comes", arguments: ["", "runsOn", "drained"])
    func hungUp(manner: String) async throws {
        let provider = try await LoopbackProvider.start { request, _ in
            var steps = Self.answer(request).steps
            // The finish, the usage and the mark come later.
            steps.insert(.pause(200), at: max(0, steps.count - 4))
            return Reply(steps)
        }
        let more = Self.prices + (manner == "runsOn" ? #","afterCancel":"runsOn""# : "")
        let home = try Home(Home.openAI(at: provider.url, more))
        let gateway = try await Gateway.start(
            in: home,
            manner == "drained" ? ["--drain-cancelled", "5s"] : [],
            environment: ["LOOPBACK_KEY": UpstreamTests.key]
        )
        let token = try await gateway.token()
        _ = try await Self.limits(home, "--budget", "5", "--per", "ever")
        var isRefused = false
        for _ in 1...400 where !isRefused {
            let body = Self.chat(1000, stream: true)
            let head =
                "POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \(token)\r\n"
                + "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
            let port = gateway.port
            isRefused = try await Blocking.run {
                let connection = try RawConnection(port: port)
                connection.send(Array(head.utf8))
                // The beginning of the stream, or of a refusal; then it is hung up on.
                var text = ""
                while !text.contains("Hello"), !text.contains("insufficient_quota") {
                    let bytes = try connection.more()
                    guard !bytes.isEmpty else { break }
                    text += String(decoding: bytes, as: UTF8.self)
                }
                return text.contains("insufficient_quota")
            }
            if !isRefused { try await Task.sleep(for: .milliseconds(20)) }
        }
        #expect(isRefused, "nothing was ever refused")
        try await Self.until { Self.usd(try await Self.limits(home)[key: "held"]) == 0 }
        if manner == "drained" {
            try await Self.until {
                let usage = try await Command.run(["usage", "--data", home.data, "--json"]).output
                return try Document(Array(usage.utf8)).root[key: "total"]?[key: "unknown"]?.integer == 0
            }
        }
        let spent = Self.usd(try await Self.limits(home)[key: "spent"])
        #expect(spent > 0)
        // What is counted of each that was hung up on: what came, all that it can have been, or what was told.
        let sum = try Document(
            Array(try await Command.run(["usage", "--data", home.data, "--json"]).output.utf8)
        ).root[key: "total"]
        switch manner {
        case "drained":
            #expect(sum?[key: "unknown"]?.integer == 0)
            #expect(Self.usd(sum?[key: "costUSD"]) == spent)
        default:
            #expect(sum?[key: "unknown"]?.integer ?? 0 > 0)
            #expect(sum?[key: "priced"]?.integer == 0)
            #expect(abs(Self.usd(sum?[key: manner == "runsOn" ? "highUSD" : "likelyUSD"]) - spent) < 0.000001)
        }
        #expect(await gateway.stop() == 0)
    }
}

extension [String] {
    fileprivate func firstRecord(
        in gateway: Gateway,
        _ token: String,
        where condition: (JSONValue) -> Bool
    ) async throws -> JSONValue? {
        for id in self {
            let record = try await gateway.record(id, token: token)
            if condition(record) { return record }
        }
        return nil
    }
}
