import HTTPTypes
import HummingbirdTesting
import SluiceDialects
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

/// What Anthropic's surface has of its own; what holds of calls on every surface is tried in ``CallSurfaceTests``.
@Suite("Anthropic's surface", .timeLimit(.minutes(1)))
struct MessagesTests {
    private static let wire = Wire.messages
    private static let json = HeaderField("content-type", "application/json")

    private static func anthropic(_ more: HTTPFields = [:]) -> HTTPFields {
        var fields = more
        fields[.anthropicVersion] = "2023-06-01"
        return fields
    }

    /// A row that betas are sent to.
    private static var passing: ProviderRow {
        var row = Rig.row("pieces", adapter: wire.adapter)
        row.betas = .pass
        return row
    }

    // MARK: Heads

    @Test("names a request by the provider's id, else by ours, in answers, streams and errors")
    func requestID() async throws {
        let own = [Self.json, HeaderField("request-id", "req_up"), HeaderField("anthropic-organization-id", "o")]
        let events = [HeaderField("content-type", "text/event-stream"), HeaderField("Request-Id", "req_up")]
        let streamed = ReplayScript([.head(200, events)] + Self.wire.events.map(\.step) + [.end])
        try await Self.wire.gateway { number in
            switch number {
            case 1: .answer(headers: own, Self.wire.answer)
            case 2: streamed
            case 3: .answer(status: 500, headers: own, Self.wire.error())
            case 4: .answer(Self.wire.answer)
            default: .answer(status: 500, "{}")
            }
        }.with { _, client in
            for body in [Self.wire.body, Self.wire.stream, Self.wire.body] {
                let answer = try await Self.wire.send(client, body)
                #expect(answer.headers[.providerRequestID] == "req_up")
                #expect(answer.headers[.requestID]?.hasPrefix("req_") == true && answer.headers[.requestID] != "req_up")
                #expect(answer.headers[.init("anthropic-organization-id") ?? .accept] == nil)
            }
            let bare = try await Self.wire.send(client)
            #expect(bare.headers[.providerRequestID] == bare.headers[.requestID] && bare.status == 200)
            let failed = try await Self.wire.send(client)
            #expect(failed.headers[.providerRequestID] == failed.headers[.requestID] && failed.status == 502)
            #expect(try failed.field("request_id") == failed.headers[.requestID])
        }
    }

    @Test(
        "takes a path with a query, which is no part of what is asked, and the caller's version and betas to the provider"
    )
    func headFields() async throws {
        try await Gateway.held(rows: [Self.passing]) { _ in .answer(Self.wire.answer) }.with { gateway, client in
            let fields: HTTPFields = [
                .idempotencyKey: "k", .anthropicVersion: "2026-10-21", .init("anthropic-beta") ?? .accept: "a-1,b-2",
                .init("anthropic-new") ?? .accept: "n", .init("anthropic-workspace-id") ?? .accept: "w",
            ]
            let first = try await client.send(.post, "/v1/messages?beta=true", Self.wire.body, fields)
            let again = try await client.send(.post, "/v1/messages", Self.wire.body, fields)
            #expect((first.status, again.status) == (200, 200))
            #expect(again.headers[.sluiceJob] == first.headers[.sluiceJob])
            let sent = gateway.transport.calls[0].headers.filter { $0.name.hasPrefix("anthropic-") }
            #expect(
                sent.sorted { $0.name < $1.name } == [
                    HeaderField("anthropic-beta", "a-1,b-2"), HeaderField("anthropic-new", "n"),
                    HeaderField("anthropic-version", "2026-10-21"),
                ]
            )
            // They change what is asked.
            var others = fields
            others[.anthropicVersion] = "2023-06-01"
            #expect(try await Self.wire.send(client, nil, others).status == 422)
        }
    }

    @Test("lets clients try the door first, without a token")
    func door() async throws {
        try await Self.wire.gateway { _ in .answer(Self.wire.answer) }.with { _, client in
            let bare = Client(client: client.client, token: "")
            for (method, path) in [(HTTPRequest.Method.head, "/"), (.head, "/api/hello"), (.get, "/api/hello")] {
                let answer = try await bare.send(method, path, nil, [.authorization: ""])
                #expect(answer.status == 200)
            }
        }
    }

    @Test("with a wrong base URL is told the right one", arguments: ["/messages", "/v1/messages/v1/messages"])
    func baseURL(path: String) async throws {
        try await Gateway().with(.live) { client in
            let answer = try await client.send(.post, path, Self.wire.body)
            #expect(answer.status == 404)
            #expect(try Self.wire.isError(answer))
            #expect(answer.text.contains("its base URL is http://") && !answer.text.contains("/v1\""))
        }
    }

    // MARK: Errors

    @Test(
        "tells an error of the gateway's own by the type that its status has",
        arguments: [
            (ErrorClass.invalidModel, 404, "not_found_error"), (.quota, 429, "rate_limit_error"),
            (.rateLimit, 429, "rate_limit_error"), (.overloaded, 529, "overloaded_error"),
            (.server, 502, "api_error"), (.malformedResponse, 502, "api_error"), (.timeout, 504, "timeout_error"),
            (.network, 502, "api_error"), (.misconfigured, 502, "api_error"),
            (.invalidRequest, 400, "invalid_request_error"),
            (.permission, 400, "invalid_request_error"), (.authentication, 502, "api_error"),
            (.tokenLimit, 400, "invalid_request_error"),
        ] as [(ErrorClass, Int, String)]
    )
    func ownErrors(errorClass: ErrorClass, status: Int, type: String) async throws {
        let row = ProviderRow(
            name: "fake",
            adapterID: "fake",
            adapter: FakeAdapter(),
            operations: [.chat],
            models: [ModelPattern("error-*")]
        )
        try await Gateway.held(rows: [row]).with { gateway, client in
            // A limit that says nothing of its end is waited for.
            let body = Self.wire.body("error-\(errorClass.rawValue)")
            let answer = try await gateway.moving { try await Self.wire.send(client, body) }
            #expect(answer.status == status, "\(answer.text)")
            #expect(try answer.json().root[key: "error"]?[key: "type"]?.string == type)
            #expect(try Self.wire.isError(answer))
        }
    }

    @Test(
        "tells a request that is too long in the sentence by which its clients help themselves",
        arguments: [
            ("input length and `max_tokens` exceed context limit: 195000 + 9 > 195001", true),
            ("prompt is too long: 210000 tokens > 200000 maximum", true),
            ("This model's maximum context length is 8192 tokens. However, you requested 9000 tokens.", false),
        ]
    )
    func tooLong(sentence: String, isOwn: Bool) async throws {
        let body = Self.wire.error(sentence, type: "invalid_request_error")
        try await Self.wire.gateway { _ in .answer(status: 400, headers: [Self.json], body) }.with { _, client in
            let answer = try await Self.wire.send(client)
            #expect(answer.status == 400 && (answer.text == body) == isOwn)
            let message = try #require(try answer.json().root[key: "error"]?[key: "message"]?.string)
            let known = ["prompt is too long: ", "input length and `max_tokens` exceed context limit: "]
            #expect(known.contains { message.hasPrefix($0) }, "\(message)")
        }
    }

    @Test("refuses the provider's own fallbacks beside ours, and lets either alone")
    func fallbacks() async throws {
        let rows = [Rig.row("one", adapter: Self.wire.adapter, models: ["m", "other"])]
        try await Gateway.held(rows: rows) { _ in .answer(Self.wire.answer) }.with { gateway, client in
            let body = Self.wire.body(more: #","fallbacks":[{"model":"x"}]"#)
            let field = HTTPFields.one("x-sluice-fallbacks", "other")
            let both = try await Self.wire.send(client, body, field)
            #expect(both.status == 400 && both.text.contains("fallbacks") && gateway.transport.calls.isEmpty)
            #expect(try await Self.wire.send(client, body).status == 200)
            #expect(try await Self.wire.send(client, nil, field).status == 200)
        }
    }

    // MARK: Streams

    @Test("ends a stream whose provider stops behind its reason, without the mark, by the mark")
    func noMark() async throws {
        let events = Self.wire.preamble + Self.wire.content + [Self.wire.finish[0]]
        let script = ReplayScript([Wire.head] + events.map(\.step) + [.end])
        try await Self.wire.gateway { _ in script }.with { _, client in
            let answer = try await Self.wire.send(client, Self.wire.stream)
            let mark = "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n"
            #expect(answer.text == events.map(\.text).joined() + mark)
        }
    }

    @Test("passes events that come before the message and behind its parts, in their order, each with its name")
    func strangers() async throws {
        let early = [
            Wire.Event(name: "content_block_stop", data: #"{"type":"content_block_stop","index":0}"#),
            Wire.Event(name: "ping", data: #"{"type":"ping"}"#),
        ]
        let events = early + Self.wire.preamble + Self.wire.content + Self.wire.finish
        let script = ReplayScript([Wire.head] + events.map(\.step) + [.end])
        try await Self.wire.gateway { _ in script }.with { _, client in
            let answer = try await Self.wire.send(client, Self.wire.stream)
            #expect(answer.text == events.map(\.text).joined())
        }
    }

    @Test(
        "tells a stream that breaks by an event of its own, with the provider's words where nothing may have been paid"
    )
    func brokenStream() async throws {
        try await Self.wire.gateway { _ in ReplayScript(Self.wire.begun.steps + [.end]) }.with { gateway, client in
            try await RawClient.with(port: client.port) { (raw: inout RawClient) in
                try await raw.send(Self.wire.request(client, Self.wire.stream))
                _ = await raw.read(until: Self.wire.mark)
                gateway.transport.release(1)
                let text = await raw.readToEnd()
                #expect(
                    text.contains(
                        "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"api_error\",\"message\":\""
                    )
                )
                let last = try Document(Array((Self.wire.data(text).last ?? "").utf8)).root
                #expect(last[key: "request_id"]?.string?.hasPrefix("req_") == true)
                #expect(last[key: "error"]?[key: "message"]?.string?.contains("may have charged") == true)
            }
        }
    }

    @Test("takes an answer that only fills a cache for a success")
    func noContent() async throws {
        let events = [Self.wire.preamble[0]] + Self.wire.finish
        let script = ReplayScript([Wire.head] + events.map(\.step) + [.end])
        try await Self.wire.gateway { _ in script }.with { _, client in
            let answer = try await Self.wire.send(client, Self.wire.stream)
            #expect(answer.status == 200 && answer.text == events.map(\.text).joined())
        }
    }

    // MARK: Models

    @Test("lists the models in its shape, by pages, those that the token may ask for")
    func models() async throws {
        let rows = [
            Rig.row("one", adapter: Self.wire.adapter, models: ["a", "b", "c"]),
            Rig.row("two", adapter: Self.wire.adapter, formats: [.openAIChat], models: ["chat-only"]),
        ]
        let gateway = Gateway.held(rows: rows)
        let narrow = try await gateway.token("narrow") { $0.models = ["b"] }
        try await gateway.with { _, client in
            func list(_ query: String, _ client: Client) async throws -> JSONValue {
                try await client.send(.get, "/v1/models\(query)", nil, Self.anthropic()).json().root
            }
            let all = try await list("?limit=1000&beta=true", client)
            #expect(all.members.map(\.key) == ["data", "has_more", "first_id", "last_id"])
            #expect(all[key: "data"]?.elements.map { $0[key: "id"]?.string } == ["a", "b", "c"])
            #expect(all[key: "data"]?[0]?.members.map(\.key) == ["type", "id", "display_name", "created_at"])
            #expect(all[key: "has_more"]?.boolean == false && all[key: "last_id"]?.string == "c")
            let page = try await list("?limit=1&after_id=a", client)
            #expect(page[key: "data"]?.elements.map { $0[key: "id"]?.string } == ["b"])
            #expect(page[key: "has_more"]?.boolean == true && page[key: "first_id"]?.string == "b")
            let before = try await list("?limit=1&before_id=c", client)
            #expect(before[key: "data"]?.elements.map { $0[key: "id"]?.string } == ["b"])
            let narrowed = try await list("", Client(client: client.client, token: narrow))
            #expect(narrowed[key: "data"]?.elements.map { $0[key: "id"]?.string } == ["b"])
            // Without its field the list is OpenAI's.
            #expect(try await client.send(.get, "/v1/models").field("object") == "list")
            let bad = try await client.send(.get, "/v1/models?limit=0", nil, Self.anthropic())
            #expect(bad.status == 400)
            #expect(try Self.wire.isError(bad))
        }
    }

    @Test("shows one model, if the token may ask for it")
    func oneModel() async throws {
        let rows = [Rig.row("one", adapter: Self.wire.adapter, models: ["a", "b", "c/d"])]
        let gateway = Gateway.held(rows: rows)
        let narrow = try await gateway.token("narrow") { $0.models = ["b"] }
        try await gateway.with { _, client in
            let shown = try await client.send(.get, "/v1/models/c/d", nil, Self.anthropic())
            #expect(try shown.field("type") == "model")
            #expect(try shown.field("id") == "c/d")
            let narrowed = Client(client: client.client, token: narrow)
            for (client, path) in [(client, "/v1/models/z"), (narrowed, "/v1/models/a")] {
                let answer = try await client.send(.get, path, nil, Self.anthropic())
                #expect(answer.status == 404)
                #expect(try answer.json().root[key: "error"]?[key: "type"]?.string == "not_found_error")
            }
            #expect(try await narrowed.send(.get, "/v1/models/b", nil, Self.anthropic()).status == 200)
        }
    }

    // MARK: Counting

    @Test("has tokens counted by the provider, as it counts them, and keeps nothing of it")
    func count() async throws {
        let counted = #"{"input_tokens": 14, "new":[1E2]}"#
        try await Gateway.held(rows: [Self.passing]) { _ in .answer(counted) }.with { gateway, client in
            let answer = try await client.send(
                .post,
                "/v1/messages/count_tokens?beta=true",
                Self.wire.body,
                Self.anthropic(.one("anthropic-beta", "a-1"))
            )
            #expect((answer.status, answer.text) == (200, counted))
            #expect(answer.headers[.sluiceJob] == nil && answer.headers[.sluiceModel] == "m")
            let call = try #require(gateway.transport.calls.first)
            #expect(call.url.hasSuffix("/messages/count_tokens") && call.body == Array(Self.wire.body.utf8))
            #expect(call.headers.contains(HeaderField("anthropic-beta", "a-1")))
            #expect(try await gateway.isEmpty)
        }
    }

    @Test(
        "tells what the provider says against it, but for what is said of the gateway's key and the secrets in it",
        arguments: [(400, 400), (404, 404), (429, 429), (529, 529), (401, 502), (403, 502)]
    )
    func countFails(status: Int, ours: Int) async throws {
        let row = Rig.row("pieces", adapter: Self.wire.adapter)
        let key = "top-secret-key"
        let answer = Mutexed("")
        try await Gateway.held(rows: [row]) { _ in .answer(status: status, headers: [Self.json], answer.value) }
            .with { gateway, client in
                answer.set(Self.wire.error("no: \(key), \(client.token)"))
                let told = try await client.send(.post, "/v1/messages/count_tokens", Self.wire.body)
                #expect(told.status == ours)
                #expect(try Self.wire.isError(told))
                if ours == status { #expect(told.text == Self.wire.error("no: [redacted], [redacted]")) }
                #expect(!told.text.contains(key) && !told.text.contains(client.token))
                #expect(try await gateway.isEmpty)
            }
    }

    @Test("says that nobody counts where no row can, and asks nobody; a token counts no model that it may not ask")
    func countUnserved() async throws {
        // One that takes another format alone, and one that has nobody to ask.
        let rows = [Rig.row("chat", formats: [.openAIChat]), Rig.row("fake", adapter: FakeAdapter())]
        for row in rows {
            try await Gateway.held(rows: [row]).with { gateway, client in
                let answer = try await client.send(.post, "/v1/messages/count_tokens", Self.wire.body)
                #expect(answer.status == 404)
                #expect(try answer.json().root[key: "error"]?[key: "type"]?.string == "not_found_error")
                #expect(gateway.transport.calls.isEmpty)
            }
        }
        let gateway = Self.wire.gateway { _ in .answer("{}") }
        let tokens = [
            try await gateway.token("narrow") { $0.models = ["other"] },
            try await gateway.token("reader") { $0.scopes = [.jobsRead] },
        ]
        try await gateway.with { gateway, client in
            for token in tokens {
                let narrowed = Client(client: client.client, token: token)
                let answer = try await narrowed.send(.post, "/v1/messages/count_tokens", Self.wire.body)
                #expect(answer.status == 403)
                #expect(try answer.json().root[key: "error"]?[key: "type"]?.string == "permission_error")
            }
            #expect(gateway.transport.calls.isEmpty)
        }
    }
}
