import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import SluiceJSON
import SluiceRig
import SluiceStore
import SluiceTesting
import SluiceTypes
import Testing

@testable import SluiceHTTP

/// What a surface's own clients read of an error.
private struct Told: Sendable {
    var mediaType: String
    /// The status, code or type that the body says.
    var body: @Sendable (JSONValue, _ status: Int) -> Bool

    /// What is written down for each surface of the table.
    static func byName(_ name: String) -> Told? {
        switch name {
        case "native", "health":
            Told(mediaType: "application/problem+json") { root, status in
                root[key: "status"]?.integer == Int64(status) && root[key: "detail"]?.string?.isEmpty == false
                    && root[key: "type"]?.string?.hasPrefix("urn:sluice:problem:") == true
            }
        case "openai", "responses":
            Told(mediaType: "application/json") { root, status in
                let error = root[key: "error"]
                return error?[key: "message"]?.string?.isEmpty == false
                    && error?.members.map(\.key) == ["message", "type", "param", "code"]
                    && error?[key: "type"]?.string == (status >= 500 ? "server_error" : "invalid_request_error")
            }
        case "anthropic":
            Told(mediaType: "application/json") { root, status in
                root.members.map(\.key) == ["type", "error", "request_id"] && root[key: "type"]?.string == "error"
                    && root[key: "error"]?.members.map(\.key) == ["type", "message"]
                    && root[key: "error"]?[key: "message"]?.string?.isEmpty == false
                    && root[key: "error"]?[key: "type"]?.string == anthropicTypes[status]
                    && root[key: "request_id"]?.string?.hasPrefix("req_") == true
            }
        default: nil
        }
    }

    private static let anthropicTypes = [
        400: "invalid_request_error", 401: "authentication_error", 403: "permission_error", 404: "not_found_error",
        405: "invalid_request_error", 413: "request_too_large", 431: "invalid_request_error",
    ]
}

/// Something that a surface refuses.
private struct BadRequest: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var surface: String
    var status: Int
    var method: HTTPRequest.Method
    var path: String
    var body: String?
    var headers: HTTPFields = [:]
    /// Bytes instead of a request, for what no client sends.
    var raw: String?

    /// The same kinds for each surface: a path of it that takes a body, and one that nobody serves.
    static let all: [BadRequest] =
        of("native", "/v1/prompts", unknown: "/v1/prompts/a/b/c", limit: 4096)
        + of("openai", "/v1/chat/completions", unknown: "/v1/assistants", limit: 4096)
        + of("anthropic", "/v1/messages", unknown: "/v1/messages/batches", limit: 4096)
        + of("responses", "/v1/responses", unknown: "/v1/responses/a/b/c", limit: 4096)
        + [BadRequest(testDescription: "nobody's path", surface: "native", status: 404, method: .get, path: "/nowhere")]
        + ["/healthz", "/readyz"].map {
            BadRequest(testDescription: "POST \($0)", surface: "health", status: 405, method: .post, path: $0)
        }

    private static func of(_ surface: String, _ path: String, unknown: String, limit: Int) -> [BadRequest] {
        func bad(
            _ name: String,
            _ status: Int,
            _ method: HTTPRequest.Method = .post,
            at place: String? = nil
        )
            -> BadRequest
        {
            BadRequest(
                testDescription: "\(surface): \(name)",
                surface: surface,
                status: status,
                method: method,
                path: place ?? path,
                body: method == .post ? "{}" : nil
            )
        }
        var noToken = bad("no token", 401)
        noToken.headers = [.authorization: ""]
        var junk = bad("a junk token", 401)
        junk.headers = [.authorization: "Bearer junk"]
        var large = bad("a body too large", 413)
        large.body = String(repeating: " ", count: limit + 1)
        var broken = bad("broken JSON", 400)
        broken.body = #"{"model":"#
        var hosts = bad("two hosts", 400)
        hosts.raw = "POST \(path) HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"
        var head = bad("a broken head", 400)
        head.raw = "POST \(path) HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n"
        var long = bad("a head too large", 431)
        long.raw = "POST \(path) HTTP/1.1\r\nHost: a\r\nA: \(String(repeating: "x", count: 17_000))\r\n\r\n"
        return [
            noToken, junk, bad("an unknown path", 404, .get, at: unknown), bad("a wrong method", 405, .put), large,
            broken,
            hosts, head, long,
        ]
    }
}

@Suite
struct SurfaceTests {
    @Test("A surface tells every refusal in its own envelope, the guards' included", arguments: BadRequest.all)
    private func envelope(_ bad: BadRequest) async throws {
        let told = try #require(Told.byName(bad.surface))
        let gateway = Gateway(bodyLimit: 4096)
        let answer = try await gateway.with(.live) { client in
            guard let raw = bad.raw else {
                let answer = try await client.send(bad.method, bad.path, bad.body, bad.headers)
                return (answer.status, answer.headers[.contentType] ?? "", answer.bytes)
            }
            return try await RawClient.with(port: client.port) { connection in
                try await connection.send(raw)
                return SurfaceTests.parsed(await connection.readToEnd())
            }
        }
        let (status, mediaType, body) = answer
        #expect(status == bad.status)
        #expect(mediaType == told.mediaType)
        #expect(told.body(try Document(body).root, status), "\(String(decoding: body, as: UTF8.self))")
        #expect(try await gateway.isEmpty)
    }

    private static func parsed(_ text: String) -> (status: Int, mediaType: String, body: [UInt8]) {
        let parts = text.components(separatedBy: "\r\n\r\n")
        let lines = parts[0].components(separatedBy: "\r\n")
        let type = lines.first { $0.hasPrefix("content-type: ") }?.dropFirst("content-type: ".utf8.count)
        let status = Int(lines[0].split(separator: " ").dropFirst().first ?? "") ?? 0
        return (status, String(type ?? ""), Array((parts.count > 1 ? parts[1] : "").utf8))
    }

    @Test("Whatever surface stands in the table: its errors have the shape of its envelope, and its paths answer in it")
    func shapes() async throws {
        let gateway = Gateway(bodyLimit: 4096)
        let surfaces = gateway.server.routes.surfaces
        #expect(Set(surfaces.map(\.name)).count == surfaces.count)
        try await gateway.with { client in
            for surface in surfaces {
                let shape = surface.envelope(Problem(.notFound, "code", "a sentence"), "req_1")
                let names = try Document(shape.body).root.members.map(\.key)
                for (method, path, headers) in SurfaceTests.mistakes(of: surface) {
                    let answer = try await client.send(method, path, method == .post ? "{" : nil, headers)
                    #expect(answer.status >= 400, "\(method) \(path)")
                    #expect(answer.headers[.contentType] == shape.type, "\(method) \(path)")
                    let told = try answer.json().root.members.map(\.key)
                    // Faults may be listed beside what is always there.
                    #expect(Array(told.prefix(names.count)) == names, "\(method) \(path): \(answer.text)")
                }
            }
        }
    }

    /// Nothing below its prefixes, a wrong method at each of its paths, and no token or broken JSON at those that take a body.
    private static func mistakes(of surface: APISurface) -> [(HTTPRequest.Method, String, HTTPFields)] {
        let nowhere = surface.prefixes.map {
            (HTTPRequest.Method.get, $0 + ($0.hasSuffix("/") ? "" : "/") + "x/y/z", HTTPFields())
        }
        // Those of a path that it shares say whose clients they are.
        let own: HTTPFields = surface.shared.map { [$0.field: "1"] } ?? [:]
        let wrong = surface.routes.map {
            (HTTPRequest.Method.put, $0.path.replacing("{id}", with: "x").replacing("**", with: "x"), own)
        }
        let bodies = surface.routes.filter { $0.method == .post && !$0.path.contains("{") }
        let broken = bodies.map { ($0.method, $0.path, HTTPFields()) }
        let nobody = bodies.prefix(2).map { ($0.method, $0.path, [HTTPField.Name.authorization: ""] as HTTPFields) }
        return nowhere + wrong + broken + nobody
    }

    @Test(
        "A path belongs to the longest prefix that it begins with",
        arguments: [
            ("/", "native"), ("", "native"), ("*", "native"), ("/v1", "native"), ("/v1/", "openai"),
            ("/v1/prompts", "native"), ("/v1/prompts/", "native"), ("/v1/prompts/x/y", "native"),
            ("/v1/promptsx", "openai"), ("/v1/models", "openai"), ("/v10/models", "native"), ("/v1prompts", "native"),
            ("/v1/messages", "anthropic"), ("/v1/messages/x", "anthropic"), ("/v1/messagesx", "openai"),
            ("/v1/responses", "responses"), ("/v1/responses/x", "responses"), ("/v1/responsesx", "openai"),
            ("/api/hello", "anthropic"),
            ("/healthz", "native"), ("/healthz/x", "native"),
            ("/dev/gpt/prompt", "native"),
        ]
    )
    func prefixes(path: String, name: String) {
        #expect(Gateway().server.routes.surface(at: path[...]).name == name)
    }

    @Test("A path that two surfaces share is the one's whose clients ask")
    func shared() {
        let routes = Gateway().server.routes
        for path in ["/v1/models", "/v1/models/a/b"] {
            #expect(routes.surface(at: path[...], [.anthropicVersion: "2023-06-01"]).name == "anthropic")
            #expect(routes.surface(at: path[...]).name == "openai")
        }
        #expect(routes.surface(at: "/v1/chat/completions", [.anthropicVersion: "2023-06-01"]).name == "openai")
    }

    @Test(
        "What is done at a path is its route's surface's, however the path is spelt",
        arguments: [("//v1/chat/completions", "openai"), ("/v1//prompts", "native"), ("/v1/gpt/prompt", "native")]
    )
    func spelling(path: String, name: String) async throws {
        // A stage that is called as OpenAI's paths begin.
        let gateway = Gateway(stage: "v1", bodyLimit: 8192, promptLimit: 4096)
        try await gateway.with(.live, running: true) { client in
            let body =
                name == "openai"
                ? #"{"model":"echo-1","messages":[{"role":"user","content":"hi"}]}"# : prompt()
            let answer = try await client.send(.post, path, body)
            #expect((200...202).contains(answer.status), "\(answer.text)")
            let large = try await client.send(.post, path, String(repeating: " ", count: 8000))
            #expect(large.status == (path.hasSuffix("/gpt/prompt") ? 413 : 400))
        }
        let job = try #require(try await gateway.store.jobs(JobQuery(owner: nil, limit: 1)).first)
        #expect(job.format == (name == "openai" ? .openAIChat : .prompt))
    }

    @Test("A stream ends with its route's mark, however the path is spelt")
    func mark() async throws {
        let stream = ReplayScript.stream([
            #"{"id":"up-1","choices":[{"index":0,"delta":{"content":"hi"},"finish_reason":"stop"}]}"#, "[DONE]",
        ])
        try await Gateway.held(adapter: Rig.chat) { _ in stream }.with { _, client in
            let body = #"{"model":"m","stream":true,"messages":[{"role":"user","content":"hi"}]}"#
            let answer = try await client.send(.post, "//v1/chat/completions", body)
            #expect(answer.text.hasSuffix("data: [DONE]\n\n"), "\(answer.text)")
        }
    }

    @Test("The first of a surface's token fields that is there counts")
    func tokenFields() async throws {
        let gateway = Gateway()
        let token = try await gateway.token()
        let field = try #require(HTTPField.Name("x-other"))
        let surface = APISurface(
            name: "other",
            prefixes: ["/"],
            bodyLimit: 0,
            tokenFields: [field, .authorization],
            routes: [Route(.get, "/who", .jobsRead) { _, _, caller in .json(.ok, Array(caller.token.rawValue.utf8)) }]
        )
        let responder = GatewayResponder(
            RouteTable(surfaces: [surface]),
            gateway.server.api.authorizer,
            CrossOrigin(origins: []),
            logger: gateway.logger
        )
        let application = Application(responder: responder)
        try await application.test(.router) { (client: any TestClientProtocol) async throws in
            func status(_ headers: HTTPFields) async throws -> Int {
                try await client.execute(uri: "/who", method: .get, headers: headers).status.code
            }
            #expect(try await status([field: token]) == 200)
            #expect(try await status([.authorization: "Bearer \(token)"]) == 200)
            #expect(try await status([field: token, .authorization: "Bearer \(token)"]) == 200)
            // A good one counts wherever it stands; two of them leave it open who asks.
            #expect(try await status([field: "junk", .authorization: "Bearer \(token)"]) == 200)
            #expect(try await status([field: token, .authorization: "Bearer junk"]) == 200)
            let other = try await gateway.token("other")
            #expect(try await status([field: other, .authorization: "Bearer \(token)"]) == 401)
            #expect(try await status([field: "junk"]) == 401)
            #expect(try await status([.authorization: token]) == 401)
            #expect(try await status([:]) == 401)
        }
    }
}
