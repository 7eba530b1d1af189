import HTTPTypes
import HummingbirdTesting
import SluiceEngine
import SluiceJSON
import SluiceProvider
import SluiceRig
import SluiceStore
import SluiceTesting
import SluiceTypes
import Testing

@testable import SluiceHTTP

@Suite("The OpenAI surface", .timeLimit(.minutes(1)))
struct OpenAITests {
    private static let body = #"{"model":"m","messages":[{"role":"user","content":"Hi"}]}"#
    private static let streaming = #"{"model":"m","stream":true,"messages":[{"role":"user","content":"Hi"}]}"#
    private static let answer =
        #"{"id":"c1", "choices":[{"index":0,"message":{"role":"assistant","content":"h\u0069"},"finish_reason":"stop"}],"#
        + #""usage":{"prompt_tokens":3,"completion_tokens":1,"total_tokens":4},"new":[1E2]}"#
    private static let chunks = [
        #"{"id":"c1","choices":[{"index":0,"delta":{"content":"\u0068"}}],"usage":null}"#,
        #"{"id":"c1","choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":null}"#,
        #"{"id":"c1","choices":[],"usage":{"prompt_tokens":3,"completion_tokens":1,"total_tokens":4}}"#,
    ]

    private func rig(
        recording: Recording = .full,
        _ script: @escaping @Sendable (Int) -> ReplayScript
    ) throws -> Gateway {
        Gateway.held(adapter: Rig.chat, recording: recording, script: script)
    }

    @Test("An answer comes back byte for byte, and is the job's")
    func whole() async throws {
        try await rig { _ in .answer(Self.answer) }.with { rig, client in
            let answer = try await client.send(.post, "/v1/chat/completions", Self.body)
            #expect((answer.status, answer.text) == (200, Self.answer))
            #expect(answer.headers[.contentType] == "application/json")
            #expect(rig.transport.calls.map { String(decoding: $0.body, as: UTF8.self) } == [Self.body])
            let id = try #require(answer.headers[.sluiceJob])
            let record = try await client.send(.get, "/v1/prompts/\(id)").json().root
            #expect(record[key: "status"]?.string == "succeeded")
            #expect(record[key: "request"].map { String(decoding: $0.bytes, as: UTF8.self) } == Self.body)
            #expect(record[key: "result"].map { String(decoding: $0.bytes, as: UTF8.self) } == Self.answer)
            #expect(record[key: "usage"]?[key: "totalTokens"]?.integer == 4)
        }
    }

    @Test(
        "What the provider says in its head is passed on, in answers, streams and errors; of its limits where the account has one owner",
        arguments: [true, false]
    )
    func allowances(hasOneOwner: Bool) async throws {
        let json = HeaderField("content-type", "application/json")
        let said = [
            HeaderField("X-RateLimit-Remaining-Requests", "7"), HeaderField("OpenAI-Version", "2020-10-01"),
            HeaderField("OpenAI-Organization", "o"),
        ]
        let events = [HeaderField("content-type", "text/event-stream")] + said
        let chunks = (Self.chunks + ["[DONE]"]).map { ReplayScript.Step.chunk("data: \($0)\n\n") }
        let row = Rig.row("pieces", credentials: [], statePolicy: StatePolicy(isShared: hasOneOwner))
        let gateway = Gateway.held(rows: [row]) { number in
            switch number {
            case 1: .answer(headers: [json] + said, Self.answer)
            case 2: ReplayScript([.head(200, events)] + chunks + [.end])
            default: .answer(status: 500, headers: [json] + said, "{}")
            }
        }
        try await gateway.with { _, client in
            for (body, status) in [(Self.body, 200), (Self.streaming, 200), (Self.body, 502)] {
                let answer = try await client.send(.post, "/v1/chat/completions", body)
                let names = ["x-ratelimit-remaining-requests", "openai-version", "openai-organization"]
                let told = names.map { name in HTTPField.Name(name).flatMap { answer.headers[$0] } }
                #expect(answer.status == status && told == [hasOneOwner ? "7" : nil, "2020-10-01", nil])
            }
        }
    }

    @Test("A stream's chunks come in order; the tokens used only for who asked; the mark when it is stored")
    func stream() async throws {
        try await rig { _ in .stream(Self.chunks + ["[DONE]"]) }.with { _, client in
            let plain = try await client.send(.post, "/v1/chat/completions", Self.streaming)
            #expect(plain.status == 200)
            #expect(plain.headers[.contentType] == "text/event-stream")
            #expect(
                plain.text == """
                    data: {"id":"c1","choices":[{"index":0,"delta":{"content":"\\u0068"}}]}

                    data: {"id":"c1","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

                    data: [DONE]


                    """
            )
            let asking = Self.streaming.dropLast() + #","stream_options":{"include_usage":true}}"#
            let counted = try await client.send(.post, "/v1/chat/completions", String(asking))
            #expect(counted.text == (Self.chunks + ["[DONE]"]).map { "data: \($0)\n\n" }.joined())
        }
    }

    @Test("A stream that breaks ends with an error and without the mark; its text is in its events")
    func broken() async throws {
        let cut = ReplayScript([
            .head(200, [HeaderField("content-type", "text/event-stream")]), .chunk("data: \(Self.chunks[0])\n\n"),
            .fail(TransportError(.reset, requestSent: true, "The connection was reset.")),
        ])
        try await rig { _ in cut }.with { _, client in
            let answer = try await RawClient.with(port: client.port) { raw in
                try await raw.send(client.request(Self.streaming, ""))
                return await raw.readToEnd()
            }
            #expect(answer.hasPrefix("HTTP/1.1 200 ") && !answer.contains("[DONE]"))
            let lines = answer.split(whereSeparator: \.isNewline)
            let last = lines.last { $0.hasPrefix("data: ") }?.dropFirst("data: ".count)
            let error = try Document(Array((last ?? "").utf8)).root[key: "error"]
            #expect(error?[key: "code"]?.string == "upstream_unreachable")
            let id = try #require(lines.first { $0.hasPrefix("x-sluice-job: ") }?.dropFirst("x-sluice-job: ".count))
            let events = try await client.events(String(id))
            #expect(events.contains(#"data: {"text":"h"}"#))
            #expect(events.contains(#""status":"dead""#))
        }
    }

    @Test(
        "What a provider says in OpenAI's envelope comes back as it came, but for what it says of the gateway's key",
        arguments: [
            (400, "bad_param", 400, nil, nil), (422, nil, 422, nil, nil),
            (400, "context_length_exceeded", 400, nil, nil),
            (404, "model_not_found", 404, nil, nil), (401, "invalid_api_key", 502, "upstream_authentication", "false"),
            (400, "invalid_api_key", 502, "upstream_authentication", "false"),
            (403, "invalid_api_key", 502, "upstream_authentication", "false"),
            (402, "too_dear", 402, nil, "false"), (403, "no_scope", 400, nil, "false"),
            (403, "content_policy_violation", 400, nil, nil), (413, "big", 413, nil, nil),
            (403, "insufficient_quota", 429, "insufficient_quota", "false"),
            (408, nil, 408, nil, "false"), (504, nil, 504, nil, "false"), (524, nil, 524, nil, "false"),
            (429, "insufficient_quota", 429, nil, "false"), (402, "insufficient_quota", 402, nil, "false"),
            (429, nil, 429, nil, nil), (503, nil, 503, nil, nil), (529, nil, 529, nil, nil), (500, nil, 500, nil, nil),
            (520, "cdn", 520, nil, nil), (409, nil, 409, nil, "false"), (418, nil, 418, nil, nil),
        ] as [(Int, String?, Int, String?, String?)]
    )
    func errors(status: Int, code: String?, ours: Int, ourCode: String?, shouldRetry: String?) async throws {
        let code = code.map { "\"\($0)\"" } ?? "null"
        let refusal =
            #"{ "error":{"message":"no","type":"t","param":"p","code":\#(code), "new":[1E2]}, "more":"\u0068"}"#
        let json = HeaderField("content-type", "application/json")
        try await rig { _ in .answer(status: status, headers: [json, HeaderField("retry-after", "31")], refusal) }
            .with { rig, client in
                let answer = try await client.send(.post, "/v1/chat/completions", Self.body)
                #expect(answer.status == ours)
                #expect((answer.text == refusal) == (ourCode == nil))
                let error = try #require(try answer.json().root[key: "error"])
                #expect(error[key: "message"]?.string?.hasPrefix("no") == true)
                #expect(answer.headers[.contentType] == "application/json")
                #expect(answer.headers[.possiblyCharged] == ([408, 504, 524].contains(status) ? "true" : nil))
                #expect(error[key: "param"]?.string == "p")
                if let ourCode { #expect(error[key: "code"]?.string == ourCode) }
                #expect(answer.headers[.shouldRetry] == shouldRetry)
                if [429, 503, 529].contains(ours), shouldRetry == nil {
                    #expect(answer.headers[.retryAfter] == "31")
                    #expect(answer.headers[.retryAfterMilliseconds] == "31000")
                }
                #expect(rig.transport.calls.count == 1)
            }
    }

    @Test(
        "What a provider says in another shape is told in ours",
        arguments: [
            (500, #"{"error":"no"}"#, 502), (529, #"{"type":"error","message":"no"}"#, 503), (400, "no", 400),
            (400, #"[{"error":{"message":"no"}}]"#, 400), (503, #"{"detail":"no"}"#, 503),
            (500, #"{"error":{"message":"\#(String(repeating: "n", count: 70_000))"}}"#, 502),
        ]
    )
    func otherShapes(status: Int, body: String, ours: Int) async throws {
        try await rig { _ in .answer(status: status, body) }.with { _, client in
            let answer = try await client.send(.post, "/v1/chat/completions", Self.body)
            #expect(answer.status == ours && answer.text != body)
            #expect(try answer.json().root[key: "error"]?[key: "message"]?.string?.isEmpty == false)
        }
    }

    @Test("In what a provider says the row's secrets are hidden, and nothing else is touched")
    func hidden() async throws {
        let row = Rig.row("pieces", adapter: Rig.chat, operations: [.chat])
        let refusal = #"{"error":{"message":"key \#(Self.secret), or sk-proj-abcdefghijklmnopqrstuvwxyz0123456789?"}}"#
        try await Gateway.held(rows: [row]) { _ in .answer(status: 400, refusal) }.with { _, client in
            let answer = try await client.send(.post, "/v1/chat/completions", Self.body)
            #expect(answer.status == 400 && !answer.text.contains(Self.secret))
            #expect(answer.text.contains("sk-proj-abcdefghijklmnopqrstuvwxyz0123456789"))
        }
    }

    private static let secret = "top-secret-key"

    @Test("Of two rows' errors the caller gets the first about the request, as it came")
    func firstAboutRequest() async throws {
        let rows = [Rig.row("one", priority: 0), Rig.row("two", priority: 1)]
        let refusal = #"{"error":{"message":"no such model","code":"model_not_found"}}"#
        try await Gateway.held(rows: rows) { number in
            number == 1 ? .answer(status: 404, refusal) : .answer(status: 500, #"{"error":{"message":"broken"}}"#)
        }.with { rig, client in
            let answer = try await client.send(.post, "/v1/chat/completions", Self.body)
            #expect((answer.status, answer.text) == (404, refusal))
            #expect(rig.transport.calls.count == 2)
        }
    }

    @Test(
        "Bad input is refused in OpenAI's envelope, with the member at fault, and nothing is stored or sent",
        arguments: [
            ("{", 400, nil, nil), ("[]", 400, nil, nil),
            (#"{"messages":[{"role":"user"}]}"#, 400, "model", "missing_required_parameter"),
            (#"{"model":7,"messages":[]}"#, 400, "model", nil),
            (#"{"model":"\#(String(repeating: "m", count: 257))","messages":[{"role":"user"}]}"#, 400, "model", nil),
            (#"{"model":"m"}"#, 400, "messages", "missing_required_parameter"),
            (#"{"model":"m","messages":"Hi"}"#, 400, "messages", nil),
            (#"{"model":"m","messages":[]}"#, 400, "messages", nil),
            (#"{"model":"m","messages":["Hi"]}"#, 400, "messages[0]", nil),
            (#"{"model":"m","messages":[{"role":1}]}"#, 400, "messages[0].role", nil),
            (#"{"model":"m","messages":[{"role":"user"}],"stream":"yes"}"#, 400, "stream", nil),
            (#"{"model":"m","messages":[{"role":"user"}],"n":0}"#, 400, "n", nil),
            (#"{"model":"m","messages":[{"role":"user"}],"n":1e9}"#, 400, "n", nil),
            (#"{"model":"m","messages":[{"role":"user"}],"stream_options":[]}"#, 400, "stream_options", nil),
            (#"{"model":"mm","messages":[{"role":"user"}]}"#, 404, "model", "model_not_found"),
        ] as [(String, Int, String?, String?)]
    )
    func refused(body: String, status: Int, parameter: String?, code: String?) async throws {
        try await rig { _ in .answer(Self.answer) }.with { rig, client in
            let answer = try await client.send(.post, "/v1/chat/completions", body)
            #expect(answer.status == status)
            let error = try #require(try answer.json().root[key: "error"])
            #expect(error[key: "message"]?.string?.isEmpty == false)
            #expect(error[key: "type"]?.string == "invalid_request_error")
            #expect(error[key: "param"]?.string == parameter)
            #expect(error[key: "code"]?.string == code)
            #expect(rig.transport.calls.isEmpty)
            #expect(try await rig.store.counts().values.allSatisfy { $0 == 0 })
        }
    }

    @Test("No token, an unknown path and a body that is too large are told in the same envelope")
    func edges() async throws {
        try await rig { _ in .answer(Self.answer) }.with { _, client in
            let stranger = try await client.send(
                .post,
                "/v1/chat/completions",
                Self.body,
                .one("Authorization", "Bearer x")
            )
            #expect((stranger.status, try stranger.code()) == (401, "invalid_api_key"))
            let nowhere = try await client.send(.post, "/v1/assistants", "{}")
            #expect((nowhere.status, try nowhere.code()) == (404, "not_found"))
            let wrongMethod = try await client.send(.get, "/v1/chat/completions")
            #expect((wrongMethod.status, try wrongMethod.code()) == (405, "method_not_allowed"))
            let notJSON = try await client.send(
                .post,
                "/v1/chat/completions",
                Self.body,
                .one("Content-Type", "text/plain")
            )
            #expect(notJSON.status == 415)
            #expect(try notJSON.json().root[key: "error"] != nil)
            let large = Array(repeating: UInt8(ascii: " "), count: (32 << 20) + 1)
            let tooLarge = try await client.send(.post, "/v1/chat/completions", bytes: large)
            #expect((tooLarge.status, try tooLarge.code()) == (413, "too_large"))
        }
    }

    @Test(
        "A caller who hangs up has its call closed; one that announced retries finds it again, once",
        arguments: [false, true]
    )
    func hangup(announced: Bool) async throws {
        try await rig { _ in ReplayScript.answer(Self.answer).held }.with { rig, client in
            try await RawClient.with(port: client.port) { raw in
                try await raw.send(client.request(Self.body, announced ? "x-stainless-retry-count: 0\r\n" : ""))
                try await rig.transport.waitForCalls(1)
            }
            guard announced else { return try await rig.transport.waitForCancellations(1) }
            let fingerprint = try await Self.fingerprint(rig, Self.body)
            while rig.engine.calls.adopt(fingerprint) == nil {
                try Task.checkCancellation()
                await Task.yield()
            }
            #expect(rig.engine.calls.adopt(fingerprint) == nil)
            rig.transport.release(1)
        }
    }

    @Test("A retry joins the running call and has its answer: one call of the provider")
    func retry() async throws {
        try await rig { _ in ReplayScript.answer(Self.answer).held }.with { rig, client in
            try await RawClient.with(port: client.port) { raw in
                try await raw.send(client.request(Self.body, "x-stainless-retry-count: 0\r\n"))
                try await rig.transport.waitForCalls(1)
            }
            // Once it is known that the first caller has left.
            try await rig.orphan(Self.fingerprint(rig, Self.body))
            async let second = client.send(
                .post,
                "/v1/chat/completions",
                Self.body,
                .one("x-stainless-retry-count", "1")
            )
            rig.transport.release(1)
            let answer = try await second
            #expect((answer.status, answer.text) == (200, Self.answer))
            #expect(rig.transport.calls.count == 1)
        }
    }

    @Test("A key has one answer, streams included; a failure is not it", arguments: [false, true])
    func key(isStream: Bool) async throws {
        try await rig { number in
            number == 1
                ? .answer(status: 500, "{}") : isStream ? .stream(Self.chunks + ["[DONE]"]) : .answer(Self.answer)
        }.with { rig, client in
            let (body, key) = (isStream ? Self.streaming : Self.body, HTTPFields.one("Idempotency-Key", "k"))
            let failed = try await client.send(.post, "/v1/chat/completions", body, key)
            #expect(failed.status == 502)
            let first = try await client.send(.post, "/v1/chat/completions", body, key)
            #expect(first.status == 200)
            let second = try await client.send(.post, "/v1/chat/completions", body, key)
            #expect((second.status, second.text) == (200, first.text))
            #expect(second.headers[.sluiceJob] == first.headers[.sluiceJob])
            #expect(second.headers[.idempotencyReplayed] == "true")
            #expect(rig.transport.calls.count == 2)
            let id = try #require(first.headers[.sluiceJob].flatMap { JobID($0) })
            #expect(try await rig.store.job(id, owner: nil)?.retryOf?.description == failed.headers[.sluiceJob])
            let other = try await client.send(.post, "/v1/chat/completions", body + " ", key)
            #expect((other.status, try other.code()) == (422, "idempotency_key_reused"))
        }
    }

    @Test("An error that may have been paid for is told again as it was, by its key")
    func errorAgain() async throws {
        let own = #"{"choices":[{"message":{"content":"hi"}}],"error":{"message":"no","odd":1.50}}"#
        try await rig { _ in .answer(own) }.with { rig, client in
            let key = HTTPFields.one("Idempotency-Key", "k")
            let first = try await client.send(.post, "/v1/chat/completions", Self.body, key)
            let second = try await client.send(.post, "/v1/chat/completions", Self.body, key)
            #expect((first.status, first.text) == (502, own))
            #expect((second.status, second.text) == (502, own))
            #expect(second.headers[.idempotencyReplayed] == "true" && second.headers[.possiblyCharged] == "true")
            #expect(second.headers[.sluiceJob] == first.headers[.sluiceJob] && rig.transport.calls.count == 1)
        }
    }

    @Test("With Prefer: respond-async a call is a job of the queue")
    func queued() async throws {
        try await rig { _ in .answer(Self.answer) }.with { _, client in
            let answer = try await client.send(
                .post,
                "/v1/chat/completions",
                Self.body,
                .one("Prefer", "respond-async")
            )
            #expect(answer.status == 202)
            let place = try #require(answer.headers[.location])
            let ended = try await client.send(.get, place, nil, .one("Prefer", "wait=30"))
            #expect(
                try ended.json().root[key: "result"].map { String(decoding: $0.bytes, as: UTF8.self) } == Self.answer
            )
        }
    }

    @Test("Of calls that are only accounted neither request nor answer is kept, and no key is taken")
    func accounting() async throws {
        try await rig(recording: .accounting) { _ in .stream(Self.chunks + ["[DONE]"]) }.with { rig, client in
            let answer = try await client.send(.post, "/v1/chat/completions", Self.streaming)
            #expect(answer.text.hasSuffix("data: [DONE]\n\n"))
            let id = try #require(answer.headers[.sluiceJob])
            let record = try await client.send(.get, "/v1/prompts/\(id)").json().root
            #expect(record[key: "status"]?.string == "succeeded")
            #expect(record[key: "usage"]?[key: "totalTokens"]?.integer == 4)
            #expect(record[key: "request"]?.isNull == true)
            #expect(record[key: "result"]?.isNull == true)
            #expect(!(try await client.events(id)).contains("event: delta"))
            let keyed = try await client.send(
                .post,
                "/v1/chat/completions",
                Self.streaming,
                .one("Idempotency-Key", "k")
            )
            #expect(keyed.status == 400)
            #expect(rig.transport.calls.count == 1)
        }
    }

    @Test("Of calls that are not recorded nothing is stored, and no job is named")
    func unrecorded() async throws {
        try await rig(recording: .none) { number in number == 1 ? .answer(Self.answer) : .answer(status: 500, "{}") }
            .with { rig, client in
                let answer = try await client.send(.post, "/v1/chat/completions", Self.body)
                #expect((answer.status, answer.text) == (200, Self.answer))
                let failed = try await client.send(.post, "/v1/chat/completions", Self.body)
                #expect(failed.status == 502)
                #expect([answer, failed].allSatisfy { $0.headers[.sluiceJob] == nil })
                #expect(try await rig.store.counts().values.allSatisfy { $0 == 0 })
            }
    }

    @Test("No answer goes out that isn't stored", arguments: [false, true])
    func notStored(isStream: Bool) async throws {
        try await rig { _ in ReplayScript.answer(Self.answer).held }.with { rig, client in
            rig.store.set(outage: .refusing(StoreError(.full, "full")))
            // The token was looked up before: its record is still believed.
            let answer = try await client.send(.post, "/v1/chat/completions", isStream ? Self.streaming : Self.body)
            #expect(answer.status == 503 || answer.status == 507)
            #expect(try answer.json().root[key: "error"] != nil)
            // Where the provider was asked it may be paid for, and no SDK may ask it again by itself.
            let wasAsked = !rig.transport.calls.isEmpty
            #expect(answer.headers[.shouldRetry] == (wasAsked ? "false" : nil))
            #expect(answer.headers[.possiblyCharged] == (wasAsked ? "true" : nil))
            #expect((answer.headers[.retryAfter] == nil) == wasAsked)
            #expect(rig.transport.cancelled.count == rig.transport.calls.count)
        }
    }

    @Test("Models are those that rows serve by name, and any that their patterns fit")
    func models() async throws {
        try await rig { _ in .answer(Self.answer) }.with { _, client in
            let list = try await client.send(.get, "/v1/models").json().root
            #expect(list[key: "data"]?.elements.map { $0[key: "id"]?.string } == ["m"])
            #expect(try await client.send(.get, "/v1/models/m").field("owned_by") == "pieces")
            let unknown = try await client.send(.get, "/v1/models/a%2Fb/c")
            #expect((unknown.status, try unknown.code()) == (404, "model_not_found"))
        }
    }

    private static func fingerprint(_ rig: Gateway, _ body: String) async throws -> [UInt8] {
        let owner = try await rig.store.owners().first?.id ?? OwnerID(rawValue: "")
        return RequestFingerprint.of(owner, "/v1/chat/completions", Array(body.utf8))
    }
}

extension Answer {
    /// The code of an error in OpenAI's envelope.
    fileprivate func code() throws -> String? {
        try json().root[key: "error"]?[key: "code"]?.string
    }
}

extension Client {
    /// A call as it goes over the wire, with more header lines.
    fileprivate func request(_ body: String, _ headers: String) -> String {
        "POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \(token)\r\nContent-Type: application/json\r\n"
            + "\(headers)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }
}
