import Glibc
import LoopbackProvider
import SluiceJSON
import SluiceTesting
import Testing

/// Owners that are made, renamed, disabled and enabled, and tokens that are narrowed, while callers call.
@Suite("Owners and their tokens", .timeLimit(.minutes(2)))
struct OwnerTests {
    private static let paths: [(path: String, headers: [String: String], body: String)] = [
        ("/v1/prompts", [:], #"{"type":"chat","model":"gpt-a","prompt":"Hi"}"#),
        ("/v1/chat/completions", [:], #"{"model":"gpt-a","messages":[{"role":"user","content":"Hi"}]}"#),
        (
            "/v1/messages", ["anthropic-version": "2023-06-01"],
            #"{"model":"gpt-a","max_tokens":5,"messages":[{"role":"user","content":"Hi"}]}"#
        ),
        ("/v1/responses", [:], #"{"model":"gpt-a","input":"Hi"}"#),
    ]

    private static func sluice(_ home: Home, _ arguments: String...) async throws -> Outcome {
        try await Command.run(arguments + ["--data", home.data])
    }

    @Test("a call that waits for a place while its owner is disabled goes to no provider")
    func disabledWhileWaiting() async throws {
        let gate = Gate()
        let provider = try await LoopbackProvider.start { _, number in
            let answer = Reply.answer(
                .chat,
                ["Hello"],
                id: "call-\(number)",
                usage: (input: 7, output: 3),
                isStream: false
            )
            return number == 0 ? .hold(until: gate, then: answer) : answer
        }
        let home = try Home(Home.openAI(at: provider.url, #", "concurrency": 1"#))
        let gateway = try await Gateway.start(in: home, environment: ["LOOPBACK_KEY": UpstreamTests.key])
        let (other, token) = (try await gateway.token("team-b"), try await gateway.token("team-a"))
        async let first = gateway.send("POST", "/v1/chat/completions", token: other, body: Self.paths[1].body)
        _ = await provider.requests(atLeast: 1)
        async let waiting = gateway.send("POST", "/v1/chat/completions", token: token, body: Self.paths[1].body)
        var rows = ""
        while !rows.contains(#""waiting":1"#) {
            try Task.checkCancellation()
            rows = try await Self.sluice(home, "provider", "list", "--json").output
        }
        #expect(try await Self.sluice(home, "owner", "disable", "team-a").status == 0)
        gate.open()
        #expect(try await first.status == 200)
        let refused = try await waiting
        #expect(refused.status == 403 && refused.text.contains("is disabled"), "\(refused.status) \(refused.text)")
        #expect(provider.requests.count == 1)
        #expect(await gateway.stop() == 0)
    }

    @Test("a disabled owner is refused on every surface, its queue waits, what runs is answered; enabled, all goes on")
    func disabled() async throws {
        let gate = Gate()
        let provider = try await LoopbackProvider.start { _, number in
            let answer = Reply.answer(
                .chat,
                ["Hello"],
                id: "call-\(number)",
                usage: (input: 7, output: 3),
                isStream: false
            )
            return number == 0 ? .hold(until: gate, then: answer) : answer
        }
        let home = try Home(Home.openAI(at: provider.url))
        let gateway = try await Gateway.start(in: home, environment: ["LOOPBACK_KEY": UpstreamTests.key])
        let (token, other) = (try await gateway.token("team-a"), try await gateway.token("team-b"))
        async let running = gateway.send("POST", "/v1/chat/completions", token: token, body: Self.paths[1].body)
        _ = await provider.requests(atLeast: 1)
        let delayed = #"{"type":"chat","model":"gpt-a","prompt":"Hi","delaySeconds":1}"#
        let id = try #require(
            try await gateway.send("POST", "/v1/prompts", token: token, body: delayed).json()[key: "id"]?.string
        )
        let disabled = try await Self.sluice(home, "owner", "disable", "team-a")
        #expect(disabled.status == 0 && disabled.errors.contains("sluice owner enable team-a"))
        for (path, headers, body) in Self.paths {
            let answer = try await gateway.send("POST", path, token: token, headers: headers, body: body)
            #expect(answer.status == 403 && answer.text.contains("is disabled"), "\(path): \(answer.text)")
        }
        #expect(try await gateway.send("GET", "/v1/models", token: token).status == 403)
        #expect(try await gateway.send("GET", "/v1/models", token: other).status == 200)
        gate.open()
        #expect(try await running.status == 200)
        // Its time has come, and it waits.
        var status = ""
        while !status.contains("1 for their owner's limits") {
            try Task.checkCancellation()
            status = try await Self.sluice(home, "status").output
        }
        #expect(status.contains("an operator, who has disabled its owner"))
        let list = try await Self.sluice(home, "job", "list", "--status", "queued")
        #expect(list.output.contains("an operator, who has disabled its owner"))
        #expect(await gateway.stop(SIGKILL) == 128 + SIGKILL)

        let next = try await Gateway.start(in: home, environment: ["LOOPBACK_KEY": UpstreamTests.key])
        #expect(try await next.send("GET", "/v1/models", token: token).status == 403)
        #expect(try await Self.sluice(home, "owner", "list").output.contains("disabled"))
        // Models are asked for beside calls.
        let calls = { provider.requests.count { $0.path.hasSuffix("/chat/completions") } }
        #expect(calls() == 1)
        #expect(try await Self.sluice(home, "owner", "enable", "team-a").status == 0)
        #expect(try await next.end(of: id, token: token)[key: "status"]?.string == "succeeded")
        #expect(calls() == 2)
        #expect(await next.stop() == 0)
    }

    @Test("an owner keeps tokens, limits and sums under another name; names that can't be are refused with what can")
    func renamed() async throws {
        let provider = try await LoopbackProvider.start { _, number in
            .answer(.chat, ["Hello"], id: "call-\(number)", usage: (input: 7, output: 3), isStream: false)
        }
        let prices = #","prices":{"gpt-*":{"input":1000000,"output":1000000,"maxOutput":9}}"#
        let home = try Home(Home.openAI(at: provider.url, prices))
        let gateway = try await Gateway.start(in: home, environment: ["LOOPBACK_KEY": UpstreamTests.key])
        #expect(try await Self.sluice(home, "owner", "create", "team-a").output.hasPrefix("own_"))
        #expect(try await Self.sluice(home, "owner", "create", "team-a").errors.contains("exists"))
        #expect(try await Self.sluice(home, "owner", "limit", "team-a", "--budget", "50", "--per", "ever").status == 0)
        let token = try await gateway.token("laptop", "--owner", "team-a")
        _ = try await gateway.token("team-b")
        #expect(
            try await gateway.send("POST", "/v1/chat/completions", token: token, body: Self.paths[1].body).status == 200
        )
        #expect(try await Self.sluice(home, "owner", "rename", "team-a", "research").status == 0)
        #expect(try await gateway.send("GET", "/v1/models", token: token).status == 200)
        let shown = try await Self.sluice(home, "owner", "show", "research")
        #expect(shown.output.contains("spent") && shown.output.contains("10 USD") && shown.output.contains("laptop"))
        #expect(try await Self.sluice(home, "usage", "--by", "owner").output.contains("research"))
        for (name, part) in [
            ("team-b", "another owner has that name"), ("", "name"), ("deleted-1", "deleted owners"),
            (String(repeating: "x", count: 200), "1 to 128 bytes"), ("a\u{1B}[2J", "no control characters"),
            ("a\u{9B}2J", "no control characters"),
        ] {
            let refused = try await Self.sluice(home, "owner", "rename", "research", name)
            #expect(refused.status != 0 && refused.errors.contains(part), "\(name): \(refused.errors)")
        }
        #expect(try await Self.sluice(home, "owner", "delete", "team-b", "--yes").status == 0)
        #expect(try await Self.sluice(home, "owner", "enable", "deleted-1").errors.contains("was deleted"))
        // The name is free now.
        #expect(try await Self.sluice(home, "owner", "rename", "research", "team-b").status == 0)
        #expect(await gateway.stop() == 0)
    }

    @Test("a token is narrowed within a second, by its name too, and not widened again")
    func narrowed() async throws {
        let provider = try await LoopbackProvider.start { _, number in
            .answer(.chat, ["Hello"], id: "call-\(number)", usage: (input: 7, output: 3), isStream: false)
        }
        let home = try Home(Home.openAI(at: provider.url))
        let gateway = try await Gateway.start(in: home, environment: ["LOOPBACK_KEY": UpstreamTests.key])
        let token = try await gateway.token("laptop")
        let call = { (model: String) in
            try await gateway.send(
                "POST",
                "/v1/chat/completions",
                token: token,
                body: #"{"model":"\#(model)","messages":[{"role":"user","content":"Hi"}]}"#
            ).status
        }
        #expect(try await call("gpt-b") == 200)
        let narrowed = try await Self.sluice(home, "token", "narrow", "laptop", "--type", "chat", "--model", "gpt-a*")
        #expect(narrowed.status == 0 && narrowed.output.contains("gpt-a*"))
        #expect(try await call("gpt-b") == 403)
        #expect(try await call("gpt-a1") == 200)
        let list = try await Self.sluice(home, "token", "list")
        #expect(list.output.contains("MAY") && list.output.contains("chat of gpt-a*"))
        let wider = try await Self.sluice(home, "token", "narrow", "laptop", "--model", "gpt-*")
        #expect(wider.status == 1 && wider.errors.contains("gpt-a*") && wider.errors.contains("not widened"))
        #expect(try await Self.sluice(home, "token", "narrow", "laptop", "--model", "gpt-a1").status == 0)
        #expect(try await Self.sluice(home, "token", "narrow", "laptop", "--type", "completion").status == 1)
        #expect(try await Self.sluice(home, "token", "narrow", "laptop").status == 64)
        _ = try await gateway.token("laptop", "--owner", "laptop")
        let ambiguous = try await Self.sluice(home, "token", "show", "laptop")
        #expect(ambiguous.status == 1 && ambiguous.errors.contains("several API tokens are called laptop"))
        #expect(await gateway.stop() == 0)
    }
}
