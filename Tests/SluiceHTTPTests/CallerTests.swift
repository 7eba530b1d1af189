import FoundationEssentials
import HTTPTypes
import HummingbirdTesting
import NIOCore
import SluiceDialects
import SluiceEngine
import SluiceJSON
import SluiceProvider
import SluiceRig
import SluiceStore
import SluiceTesting
import SluiceTypes
import Testing

@testable import SluiceHTTP

/// Callers as they really are.
@Suite("A caller", .timeLimit(.minutes(1)))
struct CallerTests {
    private static let body = #"{"model":"m","messages":[{"role":"user","content":"hello"}]}"#
    private static let answer = #"{"id":"c","choices":[{"index":0,"message":{"content":"hi"},"finish_reason":"stop"}]}"#

    private static func request(
        _ client: Client,
        _ fields: String = "",
        stream: Bool = false,
        version: String = "1.1"
    ) -> String {
        let body = stream ? body.dropLast() + #","stream":true}"# : body[...]
        return
            "POST /v1/chat/completions HTTP/\(version)\r\nHost: a\r\nAuthorization: Bearer \(client.token)\r\n\(fields)"
            + "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    // MARK: Half-close

    @Test(
        "who has said that this is all gets its answer though its sending ends",
        arguments: [("Connection: close\r\n", "1.1"), ("Connection: Close\r\n", "1.1"), ("", "1.0")],
        [false, true]
    )
    func halfClose(how: (fields: String, version: String), stream: Bool) async throws {
        let script = ReplayScript([.hold])
        try await Gateway.held(adapter: Rig.chat) { _ in script }.with { rig, client in
            let text = try await RawClient.with(port: client.port) { (raw: inout RawClient) in
                try await raw.send(Self.request(client, how.fields, stream: stream, version: how.version))
                raw.outbound.finish()
                try await rig.transport.waitForCalls(1)
                rig.transport.play(1, .head(200), .chunk(Self.answer), .end)
                return await raw.readToEnd()
            }
            #expect(text.hasPrefix("HTTP/1.1 200 OK") && text.contains("hi"))
            #expect(text.contains("[DONE]") == stream)
            #expect(rig.transport.cancelled.isEmpty)
        }
    }

    @Test("who may send more and ends its sending has hung up", arguments: [false, true])
    func hangUp(stream: Bool) async throws {
        try await Gateway.held(adapter: Rig.chat) { _ in ReplayScript([.hold]) }.with { rig, client in
            try await RawClient.with(port: client.port) { (raw: inout RawClient) in
                try await raw.send(Self.request(client, stream: stream))
                try await rig.transport.waitForCalls(1)
                raw.outbound.finish()
                try await rig.transport.waitForCancellations(1)
            }
        }
    }

    @Test("whose sending ends in a stream is asked at once whether it is there, and has hung up if not")
    func halfClosedStream() async throws {
        let chunk = #"data: {"choices":[{"index":0,"delta":{"content":"hi"}}]}"# + "\n\n"
        let script = ReplayScript([.head(200), .chunk(chunk), .hold])
        try await Gateway.held(adapter: Rig.chat) { _ in script }.with { rig, client in
            // One waits for the rest, and hears at once that all is well.
            try await RawClient.with(port: client.port) { (raw: inout RawClient) in
                try await raw.send(Self.request(client, "Connection: close\r\n", stream: true))
                _ = await raw.read(until: "hi")
                raw.outbound.finish()
                _ = await raw.read(until: "\r\n:\n\n\r\n")
                let end = #"data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"# + "\n\ndata: [DONE]\n\n"
                rig.transport.play(1, .chunk(end), .end)
                #expect(await raw.readToEnd().contains("[DONE]"))
            }
            // The other has gone.
            try await RawClient.with(port: client.port) { (raw: inout RawClient) in
                try await raw.send(Self.request(client, "Connection: close\r\n", stream: true))
                _ = await raw.read(until: "hi")
            }
            try await rig.transport.waitForCancellations(1)
        }
    }

    // MARK: Compressed bodies

    private static let prompt = #"{"type":"chat","model":"echo-1","prompt":"Hello"}"#
    private static let packed = [
        "gzip": "H4sIAAAAAAAC/6tWKqksSFWyUkrOSCxR0lHKzU9JzQFyU5Mz8nUNgQIFRfm5BSVAEY/UnJx8pVoAHBP7uTEAAAA=",
        "x-gzip": "H4sIAAAAAAAC/6tWKqksSFWyUkrOSCxR0lHKzU9JzQFyU5Mz8nUNgQIFRfm5BSVAEY/UnJx8pVoAHBP7uTEAAAA=",
        "GZIP": "H4sIAAAAAAAC/6tWKqksSFWyUkrOSCxR0lHKzU9JzQFyU5Mz8nUNgQIFRfm5BSVAEY/UnJx8pVoAHBP7uTEAAAA=",
        "deflate": "eJyrViqpLEhVslJKzkgsUdJRys1PSc0BclOTM/J1DYECBUX5uQUlQBGP1JycfKVaAIWrD50=",
        "zstd": "KLUv/QBYiQEAeyJ0eXBlIjoiY2hhdCIsIm1vZGVsIjoiZWNoby0xIiwicHJvbXB0IjoiSGVsbG8ifQ==",
        "identity": "eyJ0eXBlIjoiY2hhdCIsIm1vZGVsIjoiZWNoby0xIiwicHJvbXB0IjoiSGVsbG8ifQ==",
    ]
    /// The same as the first, packed an hour later.
    private static let later =
        "H4sIABAOAAAC/6tWKqksSFWyUkrOSCxR0lHKzU9JzQFyU5Mz8nUNgQIFRfm5BSVAEY/UnJx8pVoAHBP7uTEAAAA="
    /// A prompt of 2 MiB.
    private static let bomb = """
        eNrtyLEJgDAUQMFdfq2FrduIBlIoCZJCEXc3W9jcde890e6aYo41Ly2GOMqW9p5pzWWc+qhnOWrr5wIAAAAAAAAAAAAAAAAAAAAA
        AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
        AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
        AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
        AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
        AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
        AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
        AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
        AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
        AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
        AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
        AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
        AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
        AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
        AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
        AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
        AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
        AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
        AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
        AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
        AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
        AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
        AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
        AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
        AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
        AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
        AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
        AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAD4Wbwf3i3uqQ==
        """

    private static func bytes(_ base64: String?) throws -> [UInt8] {
        Array(try #require(base64.flatMap { Data(base64Encoded: $0, options: .ignoreUnknownCharacters) }))
    }

    @Test("may send what it compressed, and it is the same request", arguments: packed.keys.sorted())
    func compressed(coding: String) async throws {
        let gateway = Gateway()
        try await gateway.with { client in
            let headers: HTTPFields = [.contentEncoding: coding, .idempotencyKey: "k"]
            let answer = try await client.send(
                .post,
                "/v1/prompts",
                bytes: Self.bytes(Self.packed[coding]),
                headers
            )
            #expect(answer.status == 202)
            let id = try answer.json().root[key: "id"]?.string
            let again = try await client.send(.post, "/v1/prompts", Self.prompt, [.idempotencyKey: "k"])
            #expect(try again.json().root[key: "id"]?.string == id)
            let later = try await client.send(
                .post,
                "/v1/prompts",
                bytes: Self.bytes(Self.later),
                [.contentEncoding: "gzip", .idempotencyKey: "k"]
            )
            #expect(try later.json().root[key: "id"]?.string == id)
            let job = try await gateway.store.job(try #require(JobID(id ?? "")), owner: nil)
            #expect(job?.input?.body == Array(Self.prompt.utf8))
        }
    }

    @Test("is told what is wrong with what it compressed")
    func badCompression() async throws {
        let gateway = Gateway(bodyLimit: 1 << 20)
        try await gateway.with { client in
            func send(_ coding: String, _ bytes: [UInt8]) async throws -> Answer {
                try await client.send(.post, "/v1/prompts", bytes: bytes, [.contentEncoding: coding])
            }
            let packed = try Self.bytes(Self.packed["gzip"])
            for coding in ["br", "gzip, gzip", "gzip,deflate", "compress"] {
                let answer = try await send(coding, packed)
                #expect(answer.status == 415 && answer.headers[.acceptEncoding] == "gzip, deflate, zstd")
            }
            for bytes in [Array(Self.prompt.utf8), Array(packed.dropLast()), packed + packed, packed + [0]] {
                #expect(try await send("gzip", bytes).status == 400)
            }
            #expect(try await send("deflate", Self.bytes(Self.bomb)).status == 413)
        }
        #expect(try await gateway.isEmpty)
    }

    // MARK: Large bodies

    @Test(
        "may ask for many numbers, and for no more objects than can be held",
        arguments: [(99_000, 200), (101_000, 400)]
    )
    func values(count: Int, status: Int) async throws {
        try await Gateway.held(adapter: Rig.chat) { _ in .answer(Self.answer) }.with { _, client in
            let objects = Array(repeating: "{}", count: count).joined(separator: ",")
            let body = Self.body.dropLast() + ",\"x\":[\(objects)]}"
            let answer = try await client.send(.post, "/v1/chat/completions", String(body))
            #expect(answer.status == status)
        }
    }

    @Test("may ask for embeddings of half a million numbers")
    func embeddings() async throws {
        let vector = "{\"data\":[{\"embedding\":[1]}],\"usage\":{\"prompt_tokens\":1}}"
        let adapter = OpenAIAdapter(
            Manifest(id: "openai-embedding", operations: [.embedding: "/embeddings"], formats: [.openAIEmbedding])
        )
        try await Gateway.held(adapter: adapter) { _ in .answer(vector) }.with { rig, client in
            let numbers = "[" + Array(repeating: "1024", count: 1000).joined(separator: ",") + "]"
            let input = Array(repeating: numbers, count: 500).joined(separator: ",")
            let answer = try await client.send(.post, "/v1/embeddings", "{\"model\":\"m\",\"input\":[\(input)]}")
            #expect(answer.status == 200)
            // The answer itself goes once it is stored.
            while rig.engine.memory.count > 0 { await Task.yield() }
        }
    }

    // MARK: Addresses

    @Test(
        "may spell the path with slashes too many",
        arguments: ["/v1/chat/completions/", "//v1//chat/completions", "/v1/chat//completions//"]
    )
    func slashes(path: String) async throws {
        try await Gateway.held(adapter: Rig.chat) { _ in .answer(Self.answer) }.with { _, client in
            let answer = try await client.send(.post, path, Self.body)
            #expect(answer.status == 200)
        }
    }

    @Test(
        "with a wrong base URL is told the right one, in its own envelope",
        arguments: [
            "/chat/completions", "/v1/v1/chat/completions", "/embeddings", "/models", "/v1/v1/models", "/completions",
        ]
    )
    func baseURL(path: String) async throws {
        try await Gateway().with(.live) { client in
            let method: HTTPRequest.Method = path.hasSuffix("models") ? .get : .post
            let answer = try await client.send(method, path, method == .get ? nil : Self.body)
            #expect(answer.status == 404)
            let message = try answer.json().root[key: "error"]?[key: "message"]?.string
            #expect(message?.contains("/v1") == true && message?.contains("its base URL is http://") == true)
        }
    }

    @Test("may try the address alone, and put its key where other gateways take it")
    func root() async throws {
        try await Gateway.held(adapter: Rig.chat) { _ in .answer(Self.answer) }.with { _, client in
            #expect(try await client.send(.get, "/").status == 200)
            #expect(try await client.send(.head, "/").status == 200)
            let key = client.token
            for name in ["x-api-key", "api-key"] {
                let field = try #require(HTTPField.Name(name))
                let bare = Client(client: client.client, token: "junk")
                let status = try await bare.send(.post, "/v1/chat/completions", Self.body, [field: key]).status
                #expect(status == 200)
                #expect(
                    try await bare.send(.get, "/v1/prompts", nil, [field: key]).status
                        == (name == "api-key" ? 401 : 200)
                )
            }
        }
    }
}
