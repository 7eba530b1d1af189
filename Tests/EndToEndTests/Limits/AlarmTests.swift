import Foundation
import Glibc
import LoopbackProvider
import SluiceJSON
import SluiceTesting
import Testing

/// Who is told of budgets, over failures and kills.
@Suite("An alarm of a budget", .timeLimit(.minutes(2)))
struct AlarmTests {
    /// A dollar for each token that is written.
    private static let prices = #","prices":{"gpt-*":{"input":0,"output":1000000,"maxOutput":100}}"#

    private static func call(_ gateway: Gateway, _ token: String, _ tokens: Int) async throws {
        let body = #"{"model":"gpt-m","max_tokens":\#(tokens),"messages":[{"role":"user","content":"Hello"}]}"#
        #expect(try await gateway.send("POST", "/v1/chat/completions", token: token, body: body).status == 200)
    }

    private static func start(_ home: Home, _ url: String) async throws -> Gateway {
        try await Gateway.start(
            in: home,
            ["--alarm-url", url],
            environment: ["LOOPBACK_KEY": UpstreamTests.key]
        )
    }

    private static func answer(_ request: RecordedRequest) -> Reply {
        let tokens = Int((try? Document(request.body))?.root[key: "max_tokens"]?.integer ?? 1)
        return .answer(.chat, ["Hello"], id: "call-1", usage: (input: 1, output: tokens), isStream: false)
    }

    @Test("is posted once at 80 and once at 100 %, again where it was not taken, and after a kill")
    func posted() async throws {
        let provider = try await LoopbackProvider.start { request, _ in Self.answer(request) }
        let deaf = try await LoopbackProvider.start { _, _ in .response(500, text: "no") }
        let hook = try await LoopbackProvider.start { _, number in
            number == 0 ? .response(503, text: "later") : .response(200, text: "ok")
        }
        let home = try Home(Home.openAI(at: provider.url, Self.prices))
        let first = try await Self.start(home, deaf.url + "/secret-path")
        let token = try await first.token("team-a")
        let limit = try await Command.run(
            "owner",
            "limit",
            "team-a",
            "--budget",
            "100",
            "--per",
            "ever",
            "--data",
            home.data
        )
        #expect(limit.status == 0)
        try await Self.call(first, token, 50)
        try await Self.call(first, token, 35)
        _ = await deaf.requests(atLeast: 1)
        _ = await first.process.logs("an alarm was not taken")
        #expect(!first.process.errors.text.contains("secret-path"))
        #expect(await first.stop(SIGKILL) == 128 + SIGKILL)

        let second = try await Self.start(home, hook.url + "/secret-path")
        let told = await hook.requests(atLeast: 2)
        #expect(told.allSatisfy { $0.path == "/secret-path" })
        let root = try #require(try? Document(told[1].body)).root
        #expect(root[key: "event"]?.string == "budget.reached")
        #expect(root[key: "percent"]?.integer == 80)
        #expect(root[key: "owner"]?.string == "team-a")
        #expect(root[key: "spentUSD"]?.string == "85" && root[key: "budgetUSD"]?.string == "100")
        #expect(root[key: "text"]?.string?.contains("team-a has used 80 % of its budget: 85 of 100 USD") == true)
        try await Self.call(second, token, 15)
        let all = await hook.requests(atLeast: 3)
        #expect(try Document(all[2].body).root[key: "percent"]?.integer == 100)
        #expect(await second.stop() == 0)

        let third = try await Self.start(home, hook.url + "/secret-path")
        let other = try await third.token("team-b")
        try await Self.call(third, other, 1)
        #expect(await third.stop() == 0)
        #expect(await hook.requests(atLeast: 3).count == 3)
    }

    @Test("with an address that is none is refused at the start, which does not repeat it")
    func refused() async throws {
        let home = try Home()
        for url in ["hook", "ftp://host/x", "https://", "https://a b"] {
            let done = try await Command.run(
                "serve",
                "--port",
                "0",
                "--data",
                home.data,
                "--providers",
                home.providers,
                "--alarm-url",
                url
            )
            #expect(done.status == 64)
        }
    }
}
