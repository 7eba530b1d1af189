import HTTPTypes
import HummingbirdTesting
import Testing

@testable import SluiceHTTP

@Suite("A web page's script", .timeLimit(.minutes(1)))
struct CrossOriginTests {
    private static let page = "https://app.example.com"

    private static func headers(_ origin: String, _ more: HTTPFields = [:]) -> HTTPFields {
        var headers = more
        headers[.origin] = origin
        return headers
    }

    @Test("may call from an origin that is allowed, and read what came of it, errors too")
    func allowed() async throws {
        try await Gateway(bodyLimit: 100, origins: [Self.page]).with(.live) { client in
            let large = prompt("echo-1", "\"systemMsg\":\"\(String(repeating: "x", count: 100))\"")
            let strange = Client(client: client.client, token: "junk")
            // Others get no leave, and caches are told that it depends.
            let other = try await client.send(.post, "/v1/prompts", prompt(), Self.headers("https://evil.example"))
            #expect(other.headers[.accessControlAllowOrigin] == nil && other.headers[.vary] == "Origin")
            let none = try await client.send(.post, "/v1/prompts", prompt())
            #expect(none.headers[.accessControlAllowOrigin] == nil && none.headers[.vary] == "Origin")
            // The last ends the connection.
            for (client, body, status) in [(client, prompt(), 202), (strange, prompt(), 401), (client, large, 413)] {
                let answer = try await client.send(.post, "/v1/prompts", body, Self.headers(Self.page))
                #expect(answer.status == status)
                #expect(answer.headers[.accessControlAllowOrigin] == Self.page)
                #expect(answer.headers[values: .vary] == ["Origin"])
                #expect(answer.headers[.accessControlExposeHeaders]?.contains("x-sluice-job") == true)
                #expect(answer.headers[.accessControlAllowCredentials] == nil)
            }
        }
    }

    @Test("is told by the connection's guards as well")
    func guards() async throws {
        try await Gateway(origins: [Self.page]).with(.live) { client in
            let text = try await RawClient.with(port: client.port) { (raw: inout RawClient) in
                let fields = (0..<100).map { "x-\($0): 1\r\n" }.joined()
                try await raw.send("GET /healthz HTTP/1.1\r\nHost: a\r\nOrigin: \(Self.page)\r\n\(fields)\r\n")
                return await raw.readToEnd()
            }
            #expect(text.hasPrefix("HTTP/1.1 431 ") || text.hasPrefix("HTTP/1.1 400 "))
            #expect(text.lowercased().contains("vary: origin"))
        }
    }

    @Test("asks before it calls, without an API token")
    func preflight() async throws {
        try await Gateway(origins: [Self.page]).with(.live) { client in
            let bare = Client(client: client.client, token: "")
            let wanted = "authorization, Content-Type,x-stainless-retry-count, x-evil, x-sluice-session"
            let asking: HTTPFields = [.accessControlRequestMethod: "POST", .accessControlRequestHeaders: wanted]
            let answer = try await bare.send(.options, "/v1/chat/completions", nil, Self.headers(Self.page, asking))
            #expect(answer.status == 204)
            #expect(answer.headers[.accessControlAllowOrigin] == Self.page)
            #expect(answer.headers[.accessControlAllowMethods] == "GET, POST, DELETE")
            #expect(
                answer.headers[.accessControlAllowHeaders]
                    == "authorization, content-type, x-stainless-retry-count, x-sluice-session"
            )
            #expect(answer.headers[.accessControlMaxAge] == "600")
            let evil = try await bare.send(.options, "/v1/models", nil, Self.headers("https://evil.example", asking))
            #expect(evil.headers[.accessControlAllowOrigin] == nil && evil.headers[.accessControlAllowMethods] == nil)
        }
    }

    @Test("may not call at all unless somebody said so")
    func off() async throws {
        try await Gateway().with(.live) { client in
            let answer = try await client.send(.post, "/v1/prompts", prompt(), Self.headers(Self.page))
            #expect(answer.headers[.accessControlAllowOrigin] == nil && answer.headers[.vary] == nil)
            let asking: HTTPFields = [.accessControlRequestMethod: "POST"]
            let status = try await client.send(.options, "/v1/prompts", nil, Self.headers(Self.page, asking)).status
            #expect(status == 405)
        }
    }
}
