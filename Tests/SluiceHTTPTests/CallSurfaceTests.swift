import HTTPTypes
import HummingbirdTesting
import SluiceEngine
import SluiceJSON
import SluiceProvider
import SluiceRig
import SluiceStore
import SluiceTesting
import SluiceTokens
import SluiceTypes
import Testing

@testable import SluiceHTTP

/// What holds of calls on every surface.
@Suite("A call on each surface", .serialized, .timeLimit(.minutes(2)))
struct CallSurfaceTests {
    private static let json = HeaderField("content-type", "application/json")

    // MARK: Bytes

    @Test(
        "goes up and comes back byte for byte, and is the job's; its answer says which model was asked",
        arguments: Wire.all
    )
    func whole(wire: Wire) async throws {
        try await wire.gateway { _ in .answer(wire.answer) }.with { gateway, client in
            let answer = try await wire.send(client)
            #expect((answer.status, answer.text) == (200, wire.answer))
            #expect(answer.headers[.contentType] == "application/json")
            #expect(answer.headers[.sluiceModel] == "m")
            #expect(gateway.transport.calls.map { String(decoding: $0.body, as: UTF8.self) } == [wire.body])
            let id = try #require(answer.headers[.sluiceJob])
            let record = try await client.send(.get, "/v1/prompts/\(id)").json().root
            #expect(record[key: "status"]?.string == "succeeded")
            #expect(record[key: "surface"]?.string == wire.surface.rawValue)
            #expect(record[key: "request"].map { String(decoding: $0.bytes, as: UTF8.self) } == wire.body)
            #expect(record[key: "result"].map { String(decoding: $0.bytes, as: UTF8.self) } == wire.answer)
            #expect(record[key: "response"]?.string == "hi")
            #expect(record[key: "usage"]?[key: "totalTokens"]?.integer == 4)
        }
    }

    @Test("streams what comes as it came, each event with its name, those that nobody knows too", arguments: Wire.all)
    func stream(wire: Wire) async throws {
        try await wire.gateway { _ in wire.script }.with { gateway, client in
            let answer = try await wire.send(client, wire.stream)
            #expect(answer.status == 200)
            #expect(answer.headers[.contentType] == "text/event-stream")
            #expect(answer.headers[.sluiceModel] == "m")
            #expect(answer.text == wire.events.map(\.text).joined())
            #expect(gateway.transport.calls.map { String(decoding: $0.body, as: UTF8.self) } == [wire.stream])
        }
    }

    @Test("streamed shows all of it in its job's events, and the job in lists", arguments: Wire.all)
    func events(wire: Wire) async throws {
        try await wire.gateway { _ in wire.script }.with { _, client in
            let answer = try await wire.send(client, wire.stream)
            let id = try #require(answer.headers[.sluiceJob])
            let text = try await client.events(id)
            // OpenAI's mark holds nothing.
            for event in wire.events where event.data != "[DONE]" {
                #expect(text.contains("\ndata: \(event.data)\n\n"), "\(event.data)")
            }
            #expect(text.contains(#"data: {"text":"hi"}"#) && text.contains(#""status":"succeeded""#))
            let list = try await client.send(.get, "/v1/prompts?limit=10").json().root[key: "prompts"]
            #expect(list?[0]?[key: "id"]?.string == id && list?[0]?[key: "response"]?.string == "hi")
        }
    }

    @Test("may be answered by another model, which its head names", arguments: Wire.all)
    func fallbacks(wire: Wire) async throws {
        let rows = [Rig.row("one", adapter: wire.adapter), Rig.row("two", adapter: wire.adapter, models: ["other"])]
        try await Gateway.held(rows: rows) { number in
            number == 1 ? .answer(status: 503, headers: [Self.json], wire.error()) : .answer(wire.answer)
        }.with { gateway, client in
            let answer = try await wire.send(client, nil, .one("x-sluice-fallbacks", "other"))
            #expect((answer.status, answer.text) == (200, wire.answer))
            #expect(answer.headers[.sluiceModel] == "m")
            #expect(gateway.transport.calls.map { $0.url.contains("two") } == [false, true])
        }
    }

    // MARK: Errors

    @Test(
        "failed in the surface's envelope is told as its provider told it, but for what is said of the gateway's key",
        arguments: Wire.all,
        [
            (400, nil, 400, true), (402, nil, 402, true), (404, nil, 404, true), (409, nil, 409, true),
            (413, nil, 413, true), (418, nil, 418, true), (422, nil, 422, true), (429, nil, 429, true),
            (500, nil, 500, true), (503, nil, 503, true), (504, nil, 504, true), (529, nil, 529, true),
            (401, nil, 502, false), (403, "invalid_api_key", 502, false), (403, "no_scope", 400, true),
        ] as [(Int, String?, Int, Bool)]
    )
    func errors(wire: Wire, error: (status: Int, code: String?, ours: Int, isOwn: Bool)) async throws {
        // Anthropic's errors have a type in its place.
        let type = error.status == 401 || error.code == "invalid_api_key" ? "authentication_error" : "t"
        let body = wire.error("Odd wording: 7 % of it", type: type, code: error.code)
        let headers = [Self.json, HeaderField("retry-after", "31"), HeaderField("request-id", "req_up")]
        for isStream in [false, true] {
            try await wire.gateway { _ in .answer(status: error.status, headers: headers, body) }.with {
                gateway,
                client in
                let answer = try await wire.send(client, isStream ? wire.stream : wire.body)
                #expect(answer.status == error.ours)
                #expect((answer.text == body) == error.isOwn, "\(answer.text)")
                #expect(answer.headers[.contentType] == "application/json")
                #expect(answer.headers[.sluiceModel] == "m")
                #expect(try wire.isError(answer), "\(answer.text)")
                if [429, 503, 529].contains(error.ours) { #expect(answer.headers[.retryAfter] == "31") }
                #expect(gateway.transport.calls.count == 1)
            }
        }
    }

    @Test(
        "failed in another shape is told in the surface's",
        arguments: Wire.all,
        [
            (500, #"{"error":"no"}"#), (400, "no"), (503, #"{"detail":"no"}"#), (400, #"[{"error":{"message":"no"}}]"#),
            (429, "<html></html>"), (500, ""),
        ]
    )
    func otherShapes(wire: Wire, error: (status: Int, body: String)) async throws {
        try await wire.gateway { _ in .answer(status: error.status, error.body) }.with { gateway, client in
            // A limit that says nothing of its end is waited for.
            let answer = try await gateway.moving { try await wire.send(client) }
            #expect(answer.status >= 400 && answer.text != error.body)
            #expect(try wire.isError(answer), "\(answer.text)")
        }
    }

    @Test("failed in the other surface's envelope is told in its own", arguments: Wire.all)
    func otherEnvelope(wire: Wire) async throws {
        let other = (wire.surface == .anthropic ? Wire.chat : Wire.messages).error("no", type: "overloaded_error")
        try await wire.gateway { _ in .answer(status: 529, headers: [Self.json], other) }.with { _, client in
            let answer = try await wire.send(client)
            #expect(answer.status == (wire.surface == .anthropic ? 529 : 503) && answer.text != other)
            #expect(try wire.isError(answer), "\(answer.text)")
        }
    }

    @Test("failed before its content, in a stream that had begun well, is told by a status", arguments: Wire.all)
    func earlyFailure(wire: Wire) async throws {
        let failure = wire.failure("invalid_request_error", "no")
        let script = ReplayScript([Wire.head] + wire.preamble.map(\.step) + [failure.step, .end])
        try await wire.gateway { _ in script }.with { _, client in
            let answer = try await wire.send(client, wire.stream)
            #expect(answer.status >= 400 && answer.headers[.contentType] == "application/json")
            #expect(try wire.isError(answer), "\(answer.text)")
        }
    }

    @Test("that failed is told without its row's secrets and its caller's own API token", arguments: Wire.all)
    func hidden(wire: Wire) async throws {
        let row = Rig.row("pieces", adapter: wire.adapter)
        let key = "top-secret-key"
        let answers = Mutexed(ReplayScript([.hold]))
        try await Gateway.held(rows: [row]) { _ in answers.value }.with { _, client in
            let said = wire.error("\(key), \(client.token) or sk-proj-abcdefghijklmnopqrstuvwxyz0123456789?")
            let stream = ReplayScript([Wire.head] + wire.events.dropLast(wire.finish.count).map(\.step))
            let plain = ReplayScript.answer(status: 400, headers: [Self.json], said)
            let broken = ReplayScript(stream.steps + [wire.failure("t", "\(key), \(client.token)").step, .end])
            for (body, script) in [(wire.body, plain), (wire.stream, plain), (wire.stream, broken)] {
                answers.set(script)
                let text = try await RawClient.with(port: client.port) { (raw: inout RawClient) in
                    try await raw.send(wire.request(client, body, "Connection: close\r\n"))
                    return await raw.readToEnd()
                }
                #expect(text.contains("[redacted], [redacted]"), "\(text)")
                #expect(!text.contains(key) && !text.contains(client.token))
                if script.steps.count == plain.steps.count { #expect(text.contains("or sk-proj-abcdef")) }
            }
        }
    }

    // MARK: Input

    @Test(
        "that is no request is refused in the surface's envelope, and nothing is stored or sent",
        arguments: Wire.all,
        ["{", "[]", "7", "{}", #"{"model":7}"#, #"{"model":""}"#, "", "\u{FEFF}{}", #"{"model":"m","model":"m"}"#]
    )
    func broken(wire: Wire, body: String) async throws {
        try await wire.gateway { _ in .answer(wire.answer) }.with { gateway, client in
            try await expectRefused(try await wire.send(client, body), 400, wire, gateway)
        }
    }

    @Test("with a member of a wrong type is refused, and the member is named", arguments: Wire.all)
    func wrongTypes(wire: Wire) async throws {
        var faults = [(wire.body(more: #","stream":"yes""#), "stream"), (wire.body(#"m\u0007"#), "model")]
        faults += [(wire.body(String(repeating: "m", count: 257)), "model")]
        switch wire.surface {
        case .responses:
            faults += [
                (#"{"model":"m","input":7}"#, "input"), (wire.body(more: #","background":"yes""#), "background"),
                (wire.body(more: #","store":1"#), "store"),
                (wire.body(more: #","previous_response_id":7"#), "previous_response_id"),
            ]
        default:
            faults += [
                (#"{"model":"m"}"#, "messages"), (#"{"model":"m","messages":[]}"#, "messages"),
                (#"{"model":"m","messages":["Hi"]}"#, "messages[0]"),
                (#"{"model":"m","messages":[{"role":1}]}"#, "messages[0].role"),
            ]
        }
        try await wire.gateway { _ in .answer(wire.answer) }.with { [faults] gateway, client in
            for (body, name) in faults {
                let answer = try await wire.send(client, body)
                try await expectRefused(answer, 400, wire, gateway)
                #expect(answer.text.contains("\"\(name) "), "\(answer.text)")
            }
        }
    }

    @Test("for a model that nobody serves, or of another format, is refused", arguments: Wire.all)
    func models(wire: Wire) async throws {
        let other = wire.surface == .openAI ? RequestFormat.anthropicMessages : .openAIChat
        let rows = [
            Rig.row("one", adapter: wire.adapter),
            Rig.row("two", adapter: wire.adapter, formats: [other], models: ["foreign"]),
        ]
        try await Gateway.held(rows: rows).with { gateway, client in
            try await expectRefused(wire.send(client, wire.body("mm")), 404, wire, gateway)
            let foreign = try await wire.send(client, wire.body("foreign"))
            try await expectRefused(foreign, 400, wire, gateway)
            #expect(foreign.text.contains("foreign"))
        }
    }

    @Test(
        "may have a body that is as large as the limit, and no larger; that is not declared JSON is refused",
        arguments: Wire.all
    )
    func limits(wire: Wire) async throws {
        try await Gateway(bodyLimit: 4096).with(.live) { client in
            let padding = String(repeating: " ", count: 4096 - wire.body("echo-1").utf8.count)
            let largest = try await wire.send(client, wire.body("nobody's") + padding.dropLast(2))
            #expect(largest.status == 404)
            let text = try await wire.send(client, wire.body("echo-1"), [.contentType: "text/plain"])
            #expect(text.status == 415)
            #expect(try wire.isError(text))
            // It ends the connection.
            let larger = try await wire.send(client, wire.body("echo-1") + padding + " ")
            #expect(larger.status == 413)
            #expect(try wire.isError(larger))
        }
    }

    @Test("may come compressed, and is then the same call", arguments: Wire.all)
    func compressed(wire: Wire) async throws {
        try await wire.gateway { _ in .answer(wire.answer) }.with { gateway, client in
            let plain = try await wire.send(client, nil, [.idempotencyKey: "k"])
            for (coding, bytes) in [("gzip", Packed.gzip(wire.body)), ("zstd", Packed.zstd(wire.body))] {
                let fields: HTTPFields = [.contentEncoding: coding, .idempotencyKey: "k"]
                let answer = try await client.send(.post, wire.path, bytes: bytes, fields)
                #expect((answer.status, answer.text) == (200, wire.answer))
                #expect(answer.headers[.sluiceJob] == plain.headers[.sluiceJob])
            }
            #expect(gateway.transport.calls.count == 1)
        }
    }

    @Test("that unpacks to more than the limit, or to nothing, is refused", arguments: Wire.all)
    func bombs(wire: Wire) async throws {
        let cases = [
            ("zstd", Packed.bomb, 413), ("zstd", Array(Packed.bomb.dropLast(3)), 413), ("zstd", [1, 2, 3], 400),
            ("gzip", Array(Packed.gzip(wire.body).dropLast()), 400), ("br", Packed.gzip(wire.body), 415),
        ]
        for (coding, bytes, status) in cases {
            let gateway = Gateway(bodyLimit: 1 << 20)
            let answer = try await gateway.with(.live) { client in
                try await client.send(.post, wire.path, bytes: bytes, [.contentEncoding: coding])
            }
            #expect(answer.status == status)
            #expect(try wire.isError(answer), "\(answer.text)")
            #expect(try await gateway.isEmpty)
        }
    }

    private func expectRefused(_ answer: Answer, _ status: Int, _ wire: Wire, _ gateway: Gateway) async throws {
        #expect(answer.status == status, "\(answer.text)")
        #expect(try wire.isError(answer), "\(answer.text)")
        #expect(gateway.transport.calls.isEmpty)
        #expect(try await gateway.isEmpty)
    }

    // MARK: Tokens

    @Test("needs the scopes to write and to read, and a token that may ask for the model", arguments: Wire.all)
    func scopes(wire: Wire) async throws {
        let gateway = wire.gateway { _ in .answer(wire.answer) }
        let tokens = [
            (try await gateway.token("reader") { $0.scopes = [.jobsRead] }, 403),
            (try await gateway.token("writer") { $0.scopes = [.jobsWrite] }, 403),
            (try await gateway.token("narrow") { $0.models = ["other*"] }, 403),
            (try await gateway.token("embedder") { $0.types = [.embedding] }, 403),
            (try await gateway.token("fitting") { $0.models = ["m"] }, 200),
        ]
        try await gateway.with { gateway, client in
            for (token, status) in tokens {
                let answer = try await wire.send(Client(client: client.client, token: token))
                #expect(answer.status == status)
                if status != 200 { #expect(try wire.isError(answer)) }
            }
            // Each name that may answer has to be allowed.
            let narrow = Client(client: client.client, token: tokens[4].0)
            let answer = try await wire.send(narrow, nil, .one("x-sluice-fallbacks", "m2"))
            #expect([403, 404].contains(answer.status))
            #expect(gateway.transport.calls.count == 1)
        }
    }

    @Test(
        "may show its token in any of the surface's places, one token alone, which goes to no provider",
        arguments: Wire.all
    )
    func tokenPlaces(wire: Wire) async throws {
        let gateway = wire.gateway { _ in .answer(wire.answer) }
        let other = try await gateway.token("other")
        try await gateway.with { gateway, client in
            let bare = Client(client: client.client, token: "")
            let none: HTTPFields = [.authorization: ""]
            #expect(try await wire.send(bare, nil, none).status == 401)
            var places = ["x-api-key"]
            if wire.surface != .anthropic { places.append("api-key") }
            for place in places {
                let only = none + .one(place, client.token)
                #expect(try await wire.send(bare, nil, only).status == 200)
                let both = HTTPFields.one(place, other) + [.authorization: "Bearer \(client.token)"]
                let two = try await wire.send(bare, nil, both)
                #expect(two.status == 401 && two.text.contains("two different"))
                let same = HTTPFields.one(place, client.token) + [.authorization: "Bearer \(client.token)"]
                #expect(try await wire.send(bare, nil, same).status == 200)
                let junk = HTTPFields.one(place, "junk") + [.authorization: "Bearer \(client.token)"]
                #expect(try await wire.send(bare, nil, junk).status == 200)
            }
            let sent = gateway.transport.calls.flatMap(\.headers).map(\.value)
            #expect(!sent.contains { $0.contains(client.token) })
        }
    }

    @Test("may be made by a page that is allowed to, which reads what the gateway tells", arguments: Wire.all)
    func crossOrigin(wire: Wire) async throws {
        let page = "https://app.example.com"
        try await Gateway(origins: [page]).with(.live) { client in
            let asking: HTTPFields = [
                .origin: page, .accessControlRequestMethod: "POST",
                .accessControlRequestHeaders: "x-api-key, anthropic-version, content-type, idempotency-key",
            ]
            let asked = try await Client(client: client.client, token: "").send(.options, wire.path, nil, asking)
            #expect(asked.status == 204)
            #expect(
                asked.headers[.accessControlAllowHeaders]
                    == "x-api-key, anthropic-version, content-type, idempotency-key"
            )
            let answer = try await wire.send(client, "{", [.origin: page])
            #expect(answer.status == 400 && answer.headers[.accessControlAllowOrigin] == page)
            let exposed = answer.headers[.accessControlExposeHeaders]?.split(separator: ", ") ?? []
            for name in ["request-id", "x-sluice-job", "x-sluice-model", "x-sluice-row", "x-should-retry"] {
                #expect(exposed.contains { $0 == name })
            }
        }
    }

    // MARK: Coming again

    @Test(
        "has one answer by its key, streams from the log in the same bytes; another body is none",
        arguments: Wire.all,
        [false, true]
    )
    func key(wire: Wire, isStream: Bool) async throws {
        try await wire.gateway { number in
            number == 1 ? .answer(status: 500, "{}") : isStream ? wire.script : .answer(wire.answer)
        }.with { gateway, client in
            let (body, key) = (isStream ? wire.stream : wire.body, HTTPFields.one("Idempotency-Key", "k"))
            #expect(try await wire.send(client, body, key).status == 502)
            let first = try await wire.send(client, body, key)
            let second = try await wire.send(client, body, key)
            #expect((first.status, second.status) == (200, 200))
            #expect(second.bytes == first.bytes && !first.bytes.isEmpty)
            #expect(second.headers[.sluiceJob] == first.headers[.sluiceJob])
            #expect(second.headers[.idempotencyReplayed] == "true" && first.headers[.idempotencyReplayed] == nil)
            #expect(second.headers[.sluiceModel] == "m")
            #expect(gateway.transport.calls.count == 2)
            let other = try await wire.send(client, body + " ", key)
            #expect(other.status == 422)
            #expect(try wire.isError(other))
        }
    }

    @Test("that was left is joined by its retry, and by nobody else: one call of the provider", arguments: Wire.all)
    func retry(wire: Wire) async throws {
        try await wire.gateway { _ in ReplayScript.answer(wire.answer).held }.with { gateway, client in
            try await RawClient.with(port: client.port) { raw in
                try await raw.send(wire.request(client, wire.body, "x-stainless-retry-count: 0\r\n"))
                try await gateway.transport.waitForCalls(1)
            }
            try await gateway.orphan(wire.fingerprint(gateway, wire.body))
            async let second = wire.send(client, nil, .one("x-stainless-retry-count", "1"))
            gateway.transport.release(1)
            let answer = try await second
            #expect((answer.status, answer.text) == (200, wire.answer))
            #expect(gateway.transport.calls.count == 1)
        }
    }

    @Test(
        "of a coding agent that was left is joined by the same body with the same field, without a count",
        arguments: Wire.all
    )
    func agent(wire: Wire) async throws {
        try await wire.gateway { _ in ReplayScript.answer(wire.answer).held }.with { gateway, client in
            let (first, again) = wire.repeated
            try await RawClient.with(port: client.port) { raw in
                try await raw.send(wire.request(client, first, "\(wire.agent.canonicalName): thread-1\r\n"))
                try await gateway.transport.waitForCalls(1)
            }
            try await gateway.orphan(wire.fingerprint(gateway, first))
            // Another conversation's is another call.
            try await RawClient.with(port: client.port) { raw in
                try await raw.send(wire.request(client, again, "\(wire.agent.canonicalName): thread-2\r\n"))
                try await gateway.transport.waitForCalls(2)
            }
            async let second = wire.send(client, again, [wire.agent: "thread-1"])
            gateway.transport.release(1)
            let answer = try await second
            #expect((answer.status, answer.text) == (200, wire.answer))
            #expect(gateway.transport.calls.count == 2)
            // Nobody waits for it, and the gateway can't stop while it runs.
            gateway.transport.release(2)
        }
    }

    @Test(
        "of a coding agent that may have been paid for, and failed, has the same error again, and is not asked again",
        arguments: Wire.all,
        [false, true]
    )
    func charged(wire: Wire, isStream: Bool) async throws {
        let error = wire.error("late", type: "timeout_error")
        try await wire.gateway { _ in .answer(status: 504, headers: [Self.json], error) }.with { gateway, client in
            let fields: HTTPFields = [wire.agent: "thread-1"]
            for _ in 0..<3 {
                let answer = try await wire.send(client, isStream ? wire.stream : wire.body, fields)
                #expect((answer.status, answer.text) == (504, error))
                #expect(answer.headers[.shouldRetry] == "false" && answer.headers[.possiblyCharged] == "true")
            }
            #expect(gateway.transport.calls.count == 1)
            // Another conversation's, one that named no conversation, and one for other models are calls of their own.
            _ = try await wire.send(client, isStream ? wire.stream : wire.body, [wire.agent: "thread-2"])
            _ = try await wire.send(client, isStream ? wire.stream : wire.body)
            #expect(gateway.transport.calls.count == 3)
        }
    }

    @Test("of a coding agent is another one where its head lets other models answer", arguments: Wire.all)
    func chargedFallbacks(wire: Wire) async throws {
        let rows = [Rig.row("one", adapter: wire.adapter), Rig.row("two", adapter: wire.adapter, models: ["other"])]
        let error = wire.error("late", type: "timeout_error")
        try await Gateway.held(rows: rows) { _ in .answer(status: 504, headers: [Self.json], error) }.with {
            gateway,
            client in
            let fields: HTTPFields = [wire.agent: "thread-1"]
            _ = try await wire.send(client, nil, fields)
            _ = try await wire.send(client, nil, fields + .one("x-sluice-fallbacks", "other"))
            #expect(gateway.transport.calls.count == 2)
        }
    }

    @Test(
        "goes on without its caller, or is closed, as its head says",
        arguments: Wire.all,
        [
            ("", true), ("x-sluice-on-disconnect: cancel\r\nx-stainless-retry-count: 0\r\n", true),
            ("x-sluice-on-disconnect: continue\r\n", false), ("AGENT: thread-1\r\n", false),
        ]
    )
    func disconnect(wire: Wire, how: (fields: String, isClosed: Bool)) async throws {
        try await wire.gateway { _ in ReplayScript.answer(wire.answer).held }.with { gateway, client in
            let fields = how.fields.replacing("AGENT", with: wire.agent.canonicalName)
            try await RawClient.with(port: client.port) { raw in
                try await raw.send(wire.request(client, wire.body, fields))
                try await gateway.transport.waitForCalls(1)
            }
            guard !how.isClosed else { return try await gateway.transport.waitForCancellations(1) }
            try await gateway.orphan(wire.fingerprint(gateway, wire.body))
            #expect(gateway.transport.cancelled.isEmpty)
            gateway.transport.release(1)
            let id = try #require(try await gateway.store.jobs(JobQuery(owner: nil, limit: 1)).first?.id)
            let job = try await gateway.engine.wait(for: id, owner: nil, atMost: .seconds(1_000_000))
            #expect(job?.state == .succeeded)
        }
    }

    @Test("of an agent that nobody came back for is closed after the grace", arguments: Wire.all)
    func grace(wire: Wire) async throws {
        try await wire.gateway { _ in ReplayScript([.hold]) }.with { gateway, client in
            try await RawClient.with(port: client.port) { raw in
                try await raw.send(wire.request(client, wire.body, "\(wire.agent.canonicalName): thread-1\r\n"))
                try await gateway.transport.waitForCalls(1)
            }
            let start = gateway.clock.now.sinceStart
            try await gateway.moving { try await gateway.transport.waitForCancellations(1) }
            #expect(gateway.clock.now.sinceStart - start >= .seconds(10))
        }
    }

    // MARK: Jobs

    @Test(
        "with Prefer: respond-async is a job of the queue, with what was asked and answered",
        arguments: Wire.all,
        [false, true]
    )
    func queued(wire: Wire, isStream: Bool) async throws {
        try await wire.gateway { _ in isStream ? wire.script : .answer(wire.answer) }.with { _, client in
            let body = isStream ? wire.stream : wire.body
            let answer = try await wire.send(client, body, .one("Prefer", "respond-async"))
            #expect(answer.status == 202 && answer.headers[.sluiceModel] == "m")
            let place = try #require(answer.headers[.location])
            let ended = try await client.send(.get, place, nil, .one("Prefer", "wait=30")).json().root
            #expect(ended[key: "status"]?.string == "succeeded")
            #expect(ended[key: "request"].map { String(decoding: $0.bytes, as: UTF8.self) } == body)
            #expect(ended[key: "response"]?.string == "hi")
            let result = ended[key: "result"].map { String(decoding: $0.bytes, as: UTF8.self) }
            #expect(result == (isStream ? "null" : wire.answer))
        }
    }

    @Test(
        "of the queue that died is sent again, also to another model of its format, and not to one of another",
        arguments: Wire.all
    )
    func redriven(wire: Wire) async throws {
        let other = wire.surface == .openAI ? RequestFormat.anthropicMessages : .openAIChat
        let rows = [
            Rig.row("one", adapter: wire.adapter, models: ["m", "m2"]),
            Rig.row("two", adapter: wire.adapter, formats: [other], models: ["foreign"]),
        ]
        try await Gateway.held(rows: rows) { number in
            number == 1 ? .answer(status: 400, headers: [Self.json], wire.error()) : .answer(wire.answer)
        }.with { gateway, client in
            let queued = try await wire.send(client, nil, .one("Prefer", "respond-async"))
            let place = try #require(queued.headers[.location])
            let dead = try await client.send(.get, place, nil, .one("Prefer", "wait=30"))
            #expect(try dead.field("status") == "dead")
            let token = try await gateway.token("redriver") { wanted in
                wanted.owner = "app"
                wanted.scopes = [.jobsRedrive, .jobsRead]
            }
            let operative = Client(client: client.client, token: token)
            let refused = try await operative.send(.post, place + "/redrive", #"{"model":"foreign"}"#)
            #expect(refused.status == 400 && refused.text.contains("foreign") && refused.text.contains(other.rawValue))
            #expect(try await operative.send(.post, place + "/redrive", #"{"model":"m2"}"#).status == 202)
            let ended = try await client.send(.get, place, nil, .one("Prefer", "wait=30"))
            #expect(try ended.field("status") == "succeeded")
            #expect(try ended.field("model") == "m2")
        }
    }
}

extension HTTPFields {
    fileprivate static func + (one: HTTPFields, other: HTTPFields) -> HTTPFields {
        var fields = one
        for field in other { fields.append(field) }
        return fields
    }
}

extension Wire {
    /// Whether an answer is an error in the surface's envelope, with a sentence.
    func isError(_ answer: Answer) throws -> Bool {
        let root = try answer.json().root
        guard root[key: "error"]?[key: "message"]?.string?.isEmpty == false else { return false }
        return surface != .anthropic
            || root[key: "type"]?.string == "error" && root[key: "request_id"]?.string?.isEmpty == false
                && answer.headers[.providerRequestID] != nil
    }

    /// The event by which a provider says that its answer has failed.
    func failure(_ type: String, _ message: String) -> Event {
        switch surface {
        case .anthropic: Event(name: "error", data: error(message, type: type))
        case .responses:
            Event(
                name: "response.failed",
                data:
                    #"{"type":"response.failed","sequence_number":4,"response":{"id":"resp_up","status":"failed","error":"#
                    + #"{"code":"invalid_prompt","message":"\#(message)"}}}"#
            )
        case .openAI, .prompt: Event(data: error(message, type: type))
        }
    }

    /// A body, and the same as an agent sends it again.
    var repeated: (String, String) {
        guard surface == .responses else { return (body, body) }
        let metadata = [#""turn_id":"t","b":"1""#, #""b":"1","turn_id":"t""#].map { #","client_metadata":{\#($0)}"# }
        return (body(more: metadata[0]), body(more: metadata[1]))
    }
}
