import Foundation
import Glibc
import LoopbackProvider
import SluiceJSON
import SluiceTesting
import Testing

/// What whoever collects metrics sees of a real gateway.
@Suite("Metrics", .timeLimit(.minutes(3)))
struct MetricsTests {
    private static let prices = #","prices":{"gpt-*":{"input":1.25,"output":10,"maxOutput":100}}"#

    /// Answers by the model; each number of a request is counted.
    private static func provider() async throws -> LoopbackProvider {
        try await LoopbackProvider.start { request, number in
            let root = (try? Document(request.body))?.root
            let isStream = root?[key: "stream"]?.boolean == true
            let answer = Reply.answer(
                .chat,
                ["Hello"],
                id: "call-\(number)",
                usage: (input: 7, output: 3),
                isStream: isStream
            )
            switch root?[key: "model"]?.string {
            case "gpt-bad": return .openAIError(400)
            case "gpt-flaky" where number % 2 == 0: return .openAIError(500, type: "server_error")
            default: return answer
            }
        }
    }

    private static func start(_ home: Home, _ arguments: [String] = []) async throws -> Gateway {
        try await Gateway.start(in: home, arguments, environment: ["LOOPBACK_KEY": UpstreamTests.key])
    }

    private static func prompt(_ model: String, delay: Int = 0) -> String {
        #"{"type":"chat","model":"\#(model)","prompt":"Hi"\#(delay > 0 ? ",\"delaySeconds\":\(delay)" : "")}"#
    }

    private static func queue(
        _ gateway: Gateway,
        _ token: String,
        _ body: String,
        key: String? = nil
    ) async throws -> String {
        let headers = key.map { ["Idempotency-Key": $0] } ?? [:]
        let answer = try await gateway.send("POST", "/v1/prompts", token: token, headers: headers, body: body)
        guard let id = try answer.json()[key: "id"]?.string else { throw HarnessError("not taken: \(answer.text)") }
        return id
    }

    @Test("tell what a row's provider says is left of its allowance")
    func allowances() async throws {
        let provider = try await LoopbackProvider.start { _, number in
            let body =
                #"{"id":"a","choices":[{"index":0,"message":{"role":"assistant","content":"Hi"},"finish_reason":"stop"}]}"#
            let fields = [
                ("Content-Type", "application/json"), ("x-ratelimit-remaining-requests", "\(59 - number)"),
                ("X-RateLimit-Remaining-Tokens", "14999"), ("anthropic-ratelimit-requests-remaining", "-4"),
            ]
            return .response(headers: fields, text: body)
        }
        let home = try Home(Home.openAI(at: provider.url))
        let gateway = try await Self.start(home)
        let token = try await gateway.token(
            "team-a",
            "--scope",
            "jobs:write",
            "--scope",
            "jobs:read",
            "--scope",
            "metrics"
        )
        for _ in 0..<2 {
            let body = #"{"model":"gpt-a","messages":[{"role":"user","content":"Hi"}]}"#
            #expect(try await gateway.send("POST", "/v1/chat/completions", token: token, body: body).status == 200)
        }
        let seen = try await MetricsSeen(of: gateway, token: token).samples
            .filter { $0.name == "sluice_provider_limit_remaining" }
        #expect(seen.allSatisfy { $0.labels["provider"] == "loopback" })
        #expect(
            Dictionary(seen.map { ($0.labels["kind"], $0.text) }) { first, _ in first } == [
                "requests": "58", "tokens": "14999",
            ]
        )
        #expect(await gateway.stop() == 0)
    }

    @Test("agree with what callers and the provider have seen")
    func agrees() async throws {
        let provider = try await Self.provider()
        let home = try Home(Home.openAI(at: provider.url, Self.prices))
        let gateway = try await Self.start(home)
        let token = try await gateway.token(
            "team-a",
            "--scope",
            "metrics",
            "--scope",
            "jobs:write",
            "--scope",
            "jobs:read",
            "--scope",
            "jobs:cancel",
            "--scope",
            "jobs:redrive",
            "--scope",
            "usage:read"
        )
        // One after the other, so that what fails first is what was meant to.
        var ids: [String] = []
        for _ in 0..<4 { ids.append(try await Self.queue(gateway, token, Self.prompt("gpt-ok"), key: "same")) }
        #expect(Set(ids).count == 1)
        for model in ["gpt-ok", "gpt-bad", "gpt-bad"] {
            ids.append(try await Self.queue(gateway, token, Self.prompt(model)))
        }
        for id in Set(ids) { _ = try await gateway.end(of: id, token: token) }
        // A dead letter is sent again, and dies again.
        let redriven = try await gateway.send("POST", "/v1/prompts/\(ids[5])/redrive", token: token)
        #expect(redriven.status == 202)
        _ = try await gateway.end(of: ids[5], token: token)
        let delayed = try await Self.queue(gateway, token, Self.prompt("gpt-ok", delay: 3600))
        let put = try await Self.queue(gateway, token, Self.prompt("gpt-ok", delay: 3600))
        #expect(try await gateway.send("POST", "/v1/prompts/\(delayed)/cancel", token: token).status < 300)
        for isStream in [false, true] {
            let body =
                #"{"model":"gpt-ok","stream":\#(isStream),"messages":[{"role":"user","content":"\#(isStream)"}]}"#
            #expect(try await gateway.send("POST", "/v1/chat/completions", token: token, body: body).status == 200)
        }
        let bad = #"{"model":"gpt-bad","messages":[{"role":"user","content":"Hi"}]}"#
        #expect(try await gateway.send("POST", "/v1/chat/completions", token: token, body: bad).status == 400)

        let seen = try await MetricsSeen(of: gateway, token: token)
        let calls = provider.requests.count
        #expect(seen.sum("sluice_jobs_accepted_total", ["surface": "prompt"]) == 6)
        #expect(seen.sum("sluice_jobs_accepted_total", ["surface": "openai"]) == 3)
        #expect(seen.sum("sluice_idempotency_replays_total") == 3)
        #expect(seen.sum("sluice_jobs_ended_total", ["status": "succeeded"]) == 4)
        #expect(seen.sum("sluice_jobs_ended_total", ["status": "dead", "error_class": "invalidRequest"]) == 4)
        #expect(seen.sum("sluice_jobs_ended_total", ["status": "dead"]) == 4)
        #expect(seen.sum("sluice_jobs_ended_total", ["status": "cancelled"]) == 1)
        #expect(seen.sum("sluice_attempts_total", ["provider": "loopback"]) == calls)
        #expect(seen.sum("sluice_attempts_total", ["outcome": "ok"]) == 4)
        #expect(seen.sum("sluice_attempts_total", ["outcome": "failed"]) == 4)
        #expect(seen.sum("sluice_jobs", ["status": "queued"]) == 1)
        #expect(seen.sum("sluice_jobs_waiting", ["reason": "pause"]) == 1)
        #expect(seen.sum("sluice_jobs", ["status": "dead", "entry": "queue"]) == 2)
        #expect(seen.sum("sluice_jobs", ["status": "dead", "entry": "call"]) == 1)
        #expect(seen.sum("sluice_cost_nanousd_total") == 4 * (7 * 1250 + 3 * 10_000))
        #expect(seen.sum("sluice_cost_nanousd_by_owner_total", ["owner": "team-a"]) == 4 * (7 * 1250 + 3 * 10_000))
        #expect(seen.sum("gen_ai_client_inference_usage_output_tokens_total") == 12)
        #expect(seen.sum("sluice_stream_bytes_total") > 0 && seen.sum("sluice_streams") == 0)
        let usage = try await gateway.send("GET", "/v1/usage", token: token).text
        #expect(usage.contains("0.000155"))

        // After a kill the gauges are the store's, and the counters begin anew.
        #expect(await gateway.stop(SIGKILL) == 128 + SIGKILL)
        let next = try await Self.start(home)
        let again = try await MetricsSeen(of: next, token: token)
        #expect(again.sum("sluice_jobs") == seen.sum("sluice_jobs"))
        #expect(again.sum("sluice_jobs", ["status": "dead"]) == 3)
        #expect(again.sum("sluice_jobs_accepted_total") == 0)
        let cancelled = try await next.send("POST", "/v1/prompts/\(put)/cancel", token: token)
        #expect(cancelled.status < 300)
        #expect(try await MetricsSeen(of: next, token: token).sum("sluice_jobs", ["status": "queued"]) == 0)
        #expect(await next.stop() == 0)
    }

    @Test("are there for a token with the scope, on an address of their own for everybody on this machine")
    func scopes() async throws {
        let home = try Home()
        let port = try FreePort.find(from: 19_464)
        let gateway = try await Self.start(home, ["--metrics-address", "127.0.0.1:\(port)"])
        #expect(try await gateway.send("GET", "/metrics").status == 401)
        let plain = try await gateway.token("plain")
        let refused = try await gateway.send("GET", "/metrics", token: plain)
        #expect(refused.status == 403 && refused.text.contains("metrics"))
        let token = try await gateway.token("collector", "--scope", "metrics")
        let page = try await gateway.send("GET", "/metrics", token: token)
        #expect(page.status == 200 && page["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8")
        #expect(try await gateway.send("GET", "/v1/prompts", token: token).status == 403)
        let own = try await Command.shell("curl -s -w '%{http_code}' http://127.0.0.1:\(port)/metrics | tail -n 1")
        #expect(own.output.contains("200"))
        let other = try await Command.shell(
            "curl -s -o /dev/null -w '%{http_code}' http://127.0.0.1:\(port)/v1/prompts"
        )
        #expect(other.output.contains("404"))
        // The port is taken now.
        let second = try await Command.run(
            "serve",
            "--port",
            "0",
            "--data",
            home.data + "-2",
            "--providers",
            home.providers,
            "--metrics-address",
            "127.0.0.1:\(port)"
        )
        #expect(second.status != 0 && second.errors.contains("--metrics-address"))
        #expect(await gateway.stop() == 0)
        for bad in ["9464", "127.0.0.1", "::1:9464", "127.0.0.1:99999", "[::1]"] {
            let done = try await Command.run("serve", "--data", home.data, "--metrics-address", bad)
            #expect(done.status == 64)
        }
    }

    @Test("beyond this machine take a token")
    func beyond() async throws {
        let home = try Home()
        let port = try FreePort.find(from: 19_664)
        let gateway = try await Self.start(home, ["--metrics-address", "0.0.0.0:\(port)"])
        let script = "curl -s -o /dev/null -w '%{http_code}' \"$@\" http://127.0.0.1:\(port)/metrics"
        #expect(try await Command.shell(script).output.contains("401"))
        let token = try await gateway.token("collector", "--scope", "metrics")
        #expect(try await Command.shell(script, "-H", "Authorization: Bearer \(token)").output.contains("200"))
        #expect(await gateway.stop() == 0)
    }

    @Test("answer while the store is away, and say so")
    func storeAway() async throws {
        let home = try Home()
        let gateway = try await Self.start(home)
        let token = try await gateway.token("collector", "--scope", "metrics")
        #expect(try await MetricsSeen(of: gateway, token: token).sum("sluice_store_up") == 1)
        try FileManager.default.moveItem(atPath: home.data + "/sluice.db", toPath: home.path + "/gone.db")
        _ = await gateway.process.logs("nothing more is acknowledged")
        var seen = try await MetricsSeen(of: gateway, token: token)
        // The look of a moment ago may be told once more.
        while seen.sum("sluice_store_up") == 1 {
            try Task.checkCancellation()
            seen = try await MetricsSeen(of: gateway, token: token)
        }
        #expect(seen.samples.count > 100)
        _ = await gateway.stop(SIGKILL)
    }

    @Test(
        "are what Prometheus' own tool accepts, whatever owners are called",
        .enabled(if: Promtool.isInstalled, Comment(rawValue: Promtool.missing))
    )
    func accepted() async throws {
        let provider = try await Self.provider()
        let home = try Home(Home.openAI(at: provider.url, Self.prices))
        let gateway = try await Self.start(home)
        let token = try await gateway.token("collector", "--scope", "metrics")
        let names = [#"a "quoted" one"#, #"back\slash"#, "brace}{", "späti 🍪", "x=\"y\",z"]
        for name in names {
            let created = try await Command.run("token", "create", "--name", name, "--data", home.data)
            guard let own = created.output.split(separator: "\n").first, created.status == 0 else {
                throw HarnessError("no token for \(name): \(created.errors)")
            }
            let body = #"{"model":"gpt-ok","messages":[{"role":"user","content":"Hi"}]}"#
            let answer = try await gateway.send("POST", "/v1/chat/completions", token: String(own), body: body)
            #expect(answer.status == 200)
        }
        // The owners were looked up before they had spent anything, a moment ago at most.
        var page = ""
        var seen = MetricsSeen("")
        while Set(seen.samples.compactMap { $0.labels["owner"] }).count < names.count {
            try Task.checkCancellation()
            page = try await gateway.send("GET", "/metrics", token: token).text
            seen = MetricsSeen(page)
        }
        #expect(Set(seen.samples.compactMap { $0.labels["owner"] }) == Set(names))
        let verdict = try await Promtool.check(page, in: home)
        #expect(verdict.status == 0, "\(verdict.output) \(verdict.errors)")
        #expect(await gateway.stop() == 0)
    }
}
