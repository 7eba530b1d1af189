import Glibc
import LoopbackProvider
import SluiceJSON
import SluiceTesting
import Testing

/// What a collector is told of calls and jobs, over all that may come between.
@Suite("Traces", .timeLimit(.minutes(3)))
struct TracesTests {
    private static let trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    private static let parent = "00f067aa0ba902b7"
    private static let sampled = ["traceparent": "00-\(trace)-\(parent)-01", "tracestate": "rojo=1,congo=2"]
    private static let call = #"{"model":"gpt-a","messages":[{"role":"user","content":"a secret question"}]}"#

    private static func answer(_ request: RecordedRequest, _ number: Int) -> Reply {
        .answer(
            .chat,
            ["Hello"],
            id: "call-\(number)",
            usage: (input: 7, output: 3),
            isStream: request.text.contains(#""stream":true"#)
        )
    }

    private static func start(_ home: Home, _ collector: Collector) async throws -> Gateway {
        try await Gateway.start(
            in: home,
            environment: collector.environment.merging(["LOOPBACK_KEY": UpstreamTests.key]) { $1 }
        )
    }

    @Test(
        "a call is told below its caller's span: request, job, attempt; and nothing of what was said",
        arguments: [false, true]
    )
    func call(isStream: Bool) async throws {
        let provider = try await LoopbackProvider.start(Self.answer)
        let home = try Home(Home.openAI(at: provider.url))
        let collector = try await Collector(in: home)
        let gateway = try await Self.start(home, collector)
        let token = try await gateway.token()
        let body = isStream ? Self.call.replacing("\"model\"", with: "\"stream\":true,\"model\"") : Self.call
        let headers = Self.sampled.merging(["session-id": "my conversation"]) { $1 }
        let answer = try await gateway.send(
            "POST",
            "/v1/chat/completions",
            token: token,
            headers: headers,
            body: body
        )
        #expect(answer.status == 200)
        let job = try #require(answer["x-sluice-job"])
        let spans = try await collector.spans { $0.of(job).count == 3 }
        let request = try #require(spans.named("POST /v1/chat/completions").first)
        let own = try #require(spans.named("job").first)
        let attempt = try #require(spans.named("chat gpt-a").first)
        #expect(request.parent == Self.parent && own.parent == request.id && attempt.parent == own.id)
        for span in [request, own, attempt] {
            #expect(span.trace == Self.trace && span["state"] == "rojo=1,congo=2" && span.times == 1 && !span.isError)
        }
        #expect(attempt.number("gen_ai.usage.input_tokens") == 7 && attempt.number("gen_ai.usage.output_tokens") == 3)
        #expect(attempt.attribute("gen_ai.provider.name") == "loopback")
        #expect(attempt.told[key: "attributes"]?[key: "gen_ai.response.finish_reasons"]?.strings == ["stop"])
        #expect(own.attribute("sluice.status") == "succeeded")
        let others = try await collector.read().others
        #expect(others["resource"]?[key: "service.name"]?.string == "sluice")
        #expect(provider.requests.allSatisfy { $0["traceparent"] == nil && $0["tracestate"] == nil })
        #expect(await gateway.stop() == 0)
        let sent = collector.server.requests.map(\.body)
        #expect(!sent.isEmpty)
        let told = try await collector.read().spans.map { "\($0.told)" }.joined()
        for secret in [token, UpstreamTests.key, "a secret question", "Hello"] { #expect(!told.contains(secret)) }
    }

    @Test("a prompt has a trace of its own with the job's name, linked with its caller's in both directions")
    func prompt() async throws {
        let provider = try await LoopbackProvider.start(Self.answer)
        let home = try Home(Home.openAI(at: provider.url))
        let collector = try await Collector(in: home)
        let gateway = try await Self.start(home, collector)
        let token = try await gateway.token()
        let job = try await gateway.prompt(model: "gpt-a", token: token, headers: Self.sampled)
        _ = try await gateway.end(of: job, token: token)
        let spans = try await collector.spans { $0.of(job).count == 3 }
        let request = try #require(spans.named("POST /v1/prompts").first)
        let own = try #require(spans.named("job").first)
        let attempt = try #require(spans.named("chat gpt-a").first)
        #expect(own.trace == job.replacing("-", with: "") && attempt.trace == own.trace && own.parent == "")
        #expect(request.trace == Self.trace && request.parent == Self.parent && attempt.parent == own.id)
        #expect(own.links.map(\.span) == [request.id] && own.links.map(\.trace) == [Self.trace])
        #expect(request.links.map(\.span) == [own.id] && request.links.map(\.trace) == [own.trace])
        #expect(own.attribute("sluice.caller.trace_id") == Self.trace)
        #expect(await gateway.stop() == 0)
    }

    @Test("an attempt that a kill cut off is told by the next life, under the name that it would have had")
    func killed() async throws {
        let gate = Gate()
        let provider = try await LoopbackProvider.start { request, number in
            number == 0 ? .hold(until: gate) : Self.answer(request, number)
        }
        let home = try Home(Home.openAI(at: provider.url))
        let collector = try await Collector(in: home)
        let gateway = try await Self.start(home, collector)
        let token = try await gateway.token()
        let job = try await gateway.prompt(model: "gpt-a", token: token, headers: Self.sampled)
        _ = await provider.requests(atLeast: 1)
        #expect(await gateway.stop(SIGKILL) != 0)
        let next = try await Self.start(home, collector)
        #expect(try await next.end(of: job, token: token)[key: "status"]?.string == "succeeded")
        let spans = try await collector.spans {
            $0.of(job).named("job").count == 1 && $0.of(job).named("chat gpt-a").count == 2
        }
        let attempts = spans.of(job).named("chat gpt-a")
        let own = try #require(spans.of(job).named("job").first)
        #expect(Set(attempts.compactMap { $0.attribute("sluice.outcome") }) == ["interrupted", "ok"])
        #expect(attempts.allSatisfy { $0.parent == own.id && $0.trace == own.trace && $0.times == 1 })
        #expect(Set(attempts.map(\.id)).count == 2)
        gate.open()
        #expect(await next.stop() == 0)
    }

    @Test("a fallback is told as two attempts of one job")
    func fallback() async throws {
        let provider = try await LoopbackProvider.start { request, number in
            number == 0 ? .response(500, text: "{}") : Self.answer(request, number)
        }
        let home = try Home(Home.openAI(at: provider.url))
        let collector = try await Collector(in: home)
        let gateway = try await Self.start(home, collector)
        let token = try await gateway.token()
        let answer = try await gateway.send(
            "POST",
            "/v1/chat/completions",
            token: token,
            headers: Self.sampled.merging(["x-sluice-fallbacks": "gpt-b"]) { $1 },
            body: Self.call
        )
        #expect(answer.status == 200)
        let spans = try await collector.spans { $0.contains { $0.name == "chat gpt-b" } && $0.count == 4 }
        let own = try #require(spans.named("job").first)
        let (failed, good) = (
            try #require(spans.named("chat gpt-a").first), try #require(spans.named("chat gpt-b").first)
        )
        #expect(failed.parent == own.id && good.parent == own.id && failed.isError && !good.isError)
        #expect(failed.number("sluice.attempt") == 1 && good.number("sluice.attempt") == 2)
        #expect(await gateway.stop() == 0)
    }

    @Test("a redrive begins a span of its own, which points back")
    func redriven() async throws {
        let provider = try await LoopbackProvider.start { request, number in
            number == 0
                ? .response(400, text: #"{"error":{"message":"no","type":"invalid_request_error"}}"#)
                : Self.answer(request, number)
        }
        let home = try Home(Home.openAI(at: provider.url))
        let collector = try await Collector(in: home)
        let gateway = try await Self.start(home, collector)
        let token = try await gateway.token()
        let job = try await gateway.prompt(model: "gpt-a", token: token)
        #expect(try await gateway.end(of: job, token: token)[key: "status"]?.string == "dead")
        let redrive = try await Command.run(["job", "redrive", job, "--data", home.data])
        #expect(redrive.status == 0, "\(redrive.errors)")
        #expect(try await gateway.end(of: job, token: token)[key: "status"]?.string == "succeeded")
        let spans = try await collector.spans { $0.of(job).named("job redriven").count == 1 }
        let first = try #require(spans.of(job).named("job").first)
        let second = try #require(spans.of(job).named("job redriven").first)
        #expect(first.isError && !second.isError && first.id != second.id && second.trace == first.trace)
        #expect(second.links.map(\.span) == [first.id])
        let attempts = spans.of(job).named("chat gpt-a")
        #expect(
            attempts.filter { $0.parent == first.id }.count == 1
                && attempts.filter { $0.parent == second.id }.count == 1
        )
        #expect(await gateway.stop() == 0)
    }

    @Test("a caller's retry that finds its call is told beside it, and points to its job")
    func adopted() async throws {
        let provider = try await LoopbackProvider.start(Self.answer)
        let home = try Home(Home.openAI(at: provider.url))
        let collector = try await Collector(in: home)
        let gateway = try await Self.start(home, collector)
        let token = try await gateway.token()
        var jobs: Set<String> = []
        for parent in [Self.parent, "00f067aa0ba902b8"] {
            let answer = try await gateway.send(
                "POST",
                "/v1/chat/completions",
                token: token,
                headers: ["idempotency-key": "k", "traceparent": "00-\(Self.trace)-\(parent)-01"],
                body: Self.call
            )
            #expect(answer.status == 200)
            jobs.insert(answer["x-sluice-job"] ?? "")
        }
        let job = try #require(jobs.first)
        #expect(jobs.count == 1)
        let spans = try await collector.spans { $0.named("POST /v1/chat/completions").count == 2 && $0.count == 4 }
        let own = try #require(spans.named("job").first)
        let second = try #require(spans.first { $0.parent == "00f067aa0ba902b8" })
        #expect(
            second.links.map(\.span) == [own.id] && second.attribute("sluice.job") == job && own.parent != second.id
        )
        #expect(await gateway.stop() == 0)
    }

    @Test(
        "a caller who hangs up is told as gone, one who is not let in as nothing; a cancelled job by who cancelled it"
    )
    func gone() async throws {
        let gate = Gate()
        let provider = try await LoopbackProvider.start { request, number in
            .hold(until: gate, then: Self.answer(request, number))
        }
        let home = try Home(Home.openAI(at: provider.url))
        let collector = try await Collector(in: home)
        let gateway = try await Self.start(home, collector)
        let token = try await gateway.token(
            "team-a",
            "--scope",
            "jobs:write",
            "--scope",
            "jobs:read",
            "--scope",
            "jobs:cancel"
        )
        for (path, token) in [("/v1/prompts", "slc_nobody"), ("/wp-login.php", token), ("/v1/chat/completions", "")] {
            _ = try await gateway.send("POST", path, token: token, headers: Self.sampled, body: Self.call)
        }
        let head = "POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer \(token)\r\n"
        let rest = "Content-Type: application/json\r\nContent-Length: \(Self.call.utf8.count)\r\n\r\n\(Self.call)"
        let port = gateway.port
        try await Blocking.run {
            let connection = try RawConnection(port: port)
            connection.send(Array((head + rest).utf8))
            while provider.requests.isEmpty { usleep(1000) }
        }
        let job = try await gateway.prompt(model: "gpt-a", token: token, ",\"delaySeconds\":600")
        #expect(try await gateway.send("POST", "/v1/prompts/\(job)/cancel", token: token).status == 200)
        let spans = try await collector.spans {
            $0.named("POST /v1/prompts/{id}/cancel").count == 1 && $0.named("POST /v1/chat/completions").count == 1
        }
        let left = try #require(spans.named("POST /v1/chat/completions").first)
        #expect(left.isError && left.attribute("error.type") == "disconnected")
        #expect(left.number("http.response.status_code") == nil)
        let cancelling = try #require(spans.named("POST /v1/prompts/{id}/cancel").first)
        let cancelled = try #require(spans.of(job).named("job").first)
        #expect(cancelling.attribute("sluice.job") == job && cancelling.links.map(\.span) == [cancelled.id])
        #expect(cancelled.attribute("sluice.status") == "cancelled")
        gate.open()
        #expect(await gateway.stop() == 0)
        let all = try await collector.read().spans
        #expect(
            all.allSatisfy {
                $0.attribute("url.path") != "/wp-login.php" && $0.number("http.response.status_code") != 401
            }
        )
    }

    @Test("a call that is sent again after a failure points to the one that failed")
    func repeated() async throws {
        let provider = try await LoopbackProvider.start { request, number in
            number == 0 ? .openAIError(400) : Self.answer(request, number)
        }
        let home = try Home(Home.openAI(at: provider.url))
        let collector = try await Collector(in: home)
        let gateway = try await Self.start(home, collector)
        let token = try await gateway.token()
        let headers = Self.sampled.merging(["idempotency-key": "k"]) { $1 }
        for status in [400, 200] {
            let answer = try await gateway.send(
                "POST",
                "/v1/chat/completions",
                token: token,
                headers: headers,
                body: Self.call
            )
            #expect(answer.status == status)
        }
        let spans = try await collector.spans { $0.named("job").count == 2 && $0.count == 6 }
        let failed = try #require(spans.named("job").first { $0.isError })
        let good = try #require(spans.named("job").first { !$0.isError })
        #expect(good.links.map(\.span) == [failed.id] && good.links.map(\.trace) == [Self.trace])
        #expect(await gateway.stop() == 0)
    }

    @Test("what is no traceparent begins a new trace, and changes neither answer nor idempotency")
    func bad() async throws {
        let provider = try await LoopbackProvider.start { request, _ in Self.answer(request, 0) }
        let home = try Home(Home.openAI(at: provider.url))
        let collector = try await Collector(in: home)
        let gateway = try await Self.start(home, collector)
        let token = try await gateway.token()
        let bad = [
            "", "ff-\(Self.trace)-\(Self.parent)-01", "00-\(String(repeating: "0", count: 32))-\(Self.parent)-01",
            "00-\(Self.trace)-0000000000000000-01", "00-\(Self.trace.uppercased())-\(Self.parent)-01",
            "00-\(Self.trace)-\(Self.parent)-01-more", "00-\(Self.trace)-\(Self.parent)", "nonsense",
            "00-\(Self.trace)-\(Self.parent)-01, 00-\(Self.trace)-\(Self.parent)-01",
        ]
        let head = "POST /v1/prompts HTTP/1.1\r\nHost: 127.0.0.1:\(gateway.port)\r\nConnection: close\r\n"
        let body = #"{"type":"chat","model":"gpt-a","prompt":"Hi"}"#
        let rest =
            "Authorization: Bearer \(token)\r\nContent-Type: application/json\r\nIdempotency-Key: k\r\nContent-Length: \(body.utf8.count)\r\n"
        let good = "traceparent: 00-\(Self.trace)-\(Self.parent)-01\r\n"
        var ids: Set<String> = []
        for fields in bad.map({ "traceparent: \($0)\r\n" }) + [good + good, good, ""] {
            let answer = try await gateway.send(raw: Array("\(head)\(rest)\(fields)\r\n\(body)".utf8))
            #expect(answer.status == 202, "\(fields): \(answer.text)")
            ids.insert(try answer.json()[key: "id"]?.string ?? "none")
        }
        #expect(ids.count == 1)
        let count = bad.count + 3
        let spans = try await collector.spans { $0.named("POST /v1/prompts").count == count }
        let requests = spans.named("POST /v1/prompts")
        // The one with a good field alone is in its caller's trace.
        #expect(requests.filter { $0.trace == Self.trace }.map(\.parent) == [Self.parent])
        #expect(requests.filter { $0.trace != Self.trace }.allSatisfy { $0.parent == "" })
        #expect(Set(requests.map(\.trace)).count == count)
        #expect(await gateway.stop() == 0)
    }

    @Test("a provider is told of the trace by the row alone that says so, with the attempt's span above its own")
    func told() async throws {
        let provider = try await LoopbackProvider.start(Self.answer)
        let home = try Home(Home.openAI(at: provider.url, #", "trace": true"#))
        let collector = try await Collector(in: home)
        let gateway = try await Self.start(home, collector)
        let token = try await gateway.token()
        let headers = Self.sampled.merging(["baggage": "user=me"]) { $1 }
        #expect(
            try await gateway.send("POST", "/v1/chat/completions", token: token, headers: headers, body: Self.call)
                .status == 200
        )
        let request = try #require(provider.requests.first)
        let spans = try await collector.spans { $0.count == 3 }
        let attempt = try #require(spans.named("chat gpt-a").first)
        #expect(request["traceparent"] == "00-\(Self.trace)-\(attempt.id)-01")
        #expect(request["tracestate"] == "rojo=1,congo=2" && request["baggage"] == nil)
        // A prompt's trace is its own, and so is not told what stands in its caller's.
        let job = try await gateway.prompt(model: "gpt-a", token: token, headers: headers)
        _ = try await gateway.end(of: job, token: token)
        let second = try #require(provider.requests.last)
        #expect(second["traceparent"]?.hasPrefix("00-\(job.replacing("-", with: ""))-") == true)
        #expect(second["tracestate"] == nil)
        // What its caller does not record is told nobody, and its provider that it is not recorded.
        let quiet = ["traceparent": "00-\(Self.trace)-\(Self.parent)-00"]
        _ = try await gateway.send("POST", "/v1/chat/completions", token: token, headers: quiet, body: Self.call)
        #expect(provider.requests.last?["traceparent"]?.hasSuffix("-00") == true)
        #expect(await gateway.stop() == 0)
        #expect(try await collector.read().spans.count == 6)
    }

    @Test("without a collector a provider is handed on what the caller has sent, and nothing otherwise")
    func handedOn() async throws {
        let provider = try await LoopbackProvider.start(Self.answer)
        let home = try Home(Home.openAI(at: provider.url, #", "trace": true"#))
        let gateway = try await Gateway.start(in: home, environment: ["LOOPBACK_KEY": UpstreamTests.key])
        let token = try await gateway.token()
        for headers in [Self.sampled, [:]] {
            _ = try await gateway.send("POST", "/v1/chat/completions", token: token, headers: headers, body: Self.call)
        }
        #expect(provider.requests.map { $0["traceparent"] } == [Self.sampled["traceparent"], nil])
        #expect(provider.requests.map { $0["tracestate"] } == [Self.sampled["tracestate"], nil])
        #expect(await gateway.stop() == 0)
    }

    @Test("JSON says the same, and metrics come as well: those of /metrics, by the names of the conventions")
    func json() async throws {
        let provider = try await LoopbackProvider.start(Self.answer)
        let home = try Home(Home.openAI(at: provider.url))
        let collector = try await Collector(in: home)
        let gateway = try await Gateway.start(
            in: home,
            environment: collector.environment.merging([
                "LOOPBACK_KEY": UpstreamTests.key, "OTEL_EXPORTER_OTLP_PROTOCOL": "http/json",
                "OTEL_EXPORTER_OTLP_METRICS_PROTOCOL": "http/protobuf", "OTEL_SERVICE_NAME": "our gateway",
                "OTEL_EXPORTER_OTLP_HEADERS": "x-key=a%20b", "OTEL_EXPORTER_OTLP_TRACES_COMPRESSION": "none",
            ]) { $1 }
        )
        let token = try await gateway.token()
        #expect(
            try await gateway.send("POST", "/v1/chat/completions", token: token, headers: Self.sampled, body: Self.call)
                .status == 200
        )
        let spans = try await collector.spans { $0.count == 3 }
        #expect(spans.named("chat gpt-a").first?.number("gen_ai.usage.input_tokens") == 7)
        #expect(await gateway.stop() == 0)
        let seen = try await collector.read().others
        #expect(seen["resource"]?[key: "service.name"]?.string == "our gateway")
        let attempts = try #require(seen["sluice_attempts_total"])
        #expect(attempts[key: "kind"]?.string == "sum" && attempts[key: "temporality"]?.integer == 2)
        #expect(attempts[key: "points"]?.elements.first?[key: "value"]?.integer == 1)
        let duration = try #require(seen["gen_ai.client.inference.duration"])
        #expect(duration[key: "kind"]?.string == "histogram" && duration[key: "unit"]?.string == "s")
        let labels = duration[key: "points"]?.elements.first?[key: "labels"]
        #expect(labels?[key: "gen_ai.operation.name"]?.string == "chat")
        #expect(collector.server.requests.allSatisfy { $0["x-key"] == "a b" })
        #expect(!gateway.log.contains("a b") && !gateway.log.contains("a%20b"))
    }
}
