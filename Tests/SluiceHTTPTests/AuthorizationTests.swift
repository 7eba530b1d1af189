import HTTPTypes
import HummingbirdTesting
import SluiceHTTP
import SluiceJSON
import SluiceStore
import SluiceTesting
import SluiceTokens
import SluiceTypes
import Testing

@Suite
struct AuthorizationTests {
    private static let routes: [(HTTPRequest.Method, String)] = [
        (.post, "/v1/prompts"), (.get, "/v1/prompts"), (.get, "/v1/prompts/x"), (.delete, "/v1/prompts/x"),
        (.post, "/v1/prompts/x/cancel"), (.post, "/v1/prompts/x/redrive"), (.get, "/v1/prompts/x/attempts"),
        (.post, "/gpt/prompt"),
        (.get, "/gpt/prompt?id=x"), (.post, "/dev/gpt/prompt"),
    ]

    @Test("Without a token every route but health and readiness is 401 and says how to bring one")
    func missing() async throws {
        try await Gateway().with { client in
            for (method, path) in AuthorizationTests.routes {
                let answer = try await client.send(method, path, nil, [.authorization: ""])
                #expect([401, 429].contains(answer.status), "\(path)")
                #expect(answer.status == 429 || answer.headers[.wwwAuthenticate]?.hasPrefix("Bearer") == true)
            }
            #expect(try await client.send(.get, "/healthz", nil, [.authorization: ""]).status == 200)
        }
    }

    @Test("Junk, a flipped token, another scheme, an ended and a revoked token are 401, each with its reason")
    func bad() async throws {
        let gateway = Gateway()
        let revoked = try await gateway.token("revoked")
        let id = try #require(TokenText(revoked)?.id)
        _ = try await gateway.tokens.revoke(id, actor: "operator")
        let rotated = try await gateway.token("rotated")
        let old = try #require(TokenText(rotated)?.id)
        _ = try await gateway.tokens.rotate(old, grace: .zero, actor: "operator")
        try await gateway.with { client in
            let flipped = String(client.token.dropLast()) + (client.token.hasSuffix("a") ? "b" : "a")
            let cases = [
                ("Bearer junk", "not one of"), ("Bearer \(flipped)", "not one of"), ("Basic eA==", "scheme"),
                ("Bearer \(revoked)", "revoked"), ("Bearer \(rotated)", "ended"),
                ("Bearer \(TokenText.mint().secret.reveal { $0 })", "not one of"),
            ]
            for (header, word) in cases {
                let answer = try await client.send(.get, "/v1/prompts", nil, [.authorization: header])
                #expect(answer.status == 401)
                #expect(try answer.field("detail")?.contains(word) == true, "\(header.prefix(12))")
                #expect(!answer.text.contains("slc_1"))
            }
        }
    }

    @Test("A token without the scope is 403 and says which")
    func scope() async throws {
        let gateway = Gateway()
        let reader = try await gateway.token("reader") { $0.scopes = [.jobsRead] }
        let writer = try await gateway.token("writer") { $0.scopes = [.jobsWrite] }
        try await gateway.with { client in
            let id = try await client.post()
            let cases: [(String, HTTPRequest.Method, String, String)] = [
                (reader, .post, "/v1/prompts", "jobs:write"), (reader, .post, "/gpt/prompt", "jobs:write"),
                (reader, .delete, "/v1/prompts/\(id)", "jobs:write"),
                (reader, .post, "/v1/prompts/\(id)/cancel", "jobs:cancel"),
                (writer, .post, "/v1/prompts/\(id)/redrive", "jobs:redrive"),
                (writer, .get, "/v1/prompts/\(id)", "jobs:read"), (writer, .get, "/v1/prompts", "jobs:read"),
                (writer, .get, "/v1/prompts/\(id)/attempts", "jobs:read"),
                (writer, .get, "/gpt/prompt?id=\(id)", "jobs:read"),
            ]
            for (token, method, path, scope) in cases {
                let body = method == .post ? prompt() : nil
                let answer = try await Client(client: client.client, token: token).send(method, path, body)
                #expect(answer.status == 403, "\(path)")
                #expect(try answer.field("detail")?.contains(scope) == true)
            }
        }
        #expect(try await gateway.store.counts()[.queued] == 1)
    }

    @Test("Without jobs:read neither prompt nor answer is shown, whoever sends, repeats, waits or cancels")
    func blind() async throws {
        let gateway = Gateway()
        let names = ["id", "status", "processStatus", "createdAt", "updatedAt"]
        try await gateway.with(running: true) { client in
            let text = try await gateway.token("blind") { order in
                order.owner = "app"
                order.scopes = [.jobsWrite, .jobsCancel]
            }
            let blind = Client(client: client.client, token: text)
            let key = HTTPFields.one("Idempotency-Key", "k")
            var both = key
            both.append(HTTPField(name: HTTPField.Name("Prefer")!, value: "wait=60"))
            let done = try await client.send(.post, "/v1/prompts", prompt(), both)
            #expect(try done.field("response") == "an answer")
            let replayed = try await blind.send(.post, "/v1/prompts", prompt(), key)
            let waited = try await blind.send(.post, "/v1/prompts", prompt(), .one("Prefer", "wait=60"))
            let new = try await blind.send(.post, "/v1/prompts", prompt("hold-1"))
            let id = try new.field("id") ?? ""
            let cancelled = try await blind.send(.post, "/v1/prompts/\(id)/cancel")
            let expected = [(replayed, 202), (waited, 200), (new, 202), (cancelled, 200)]
            for (answer, status) in expected {
                #expect(answer.status == status)
                #expect(try answer.json().root.members.map(\.key) == names)
            }
            #expect(try replayed.field("id") == done.field("id"))
            #expect(try waited.field("status") == "succeeded")
            #expect(try cancelled.field("processStatus") == "ERROR")
        }
    }

    @Test("A narrowed token is refused other types and models with 403, and nothing is stored")
    func narrowed() async throws {
        let gateway = Gateway()
        let narrow = try await gateway.token("narrow") {
            $0.types = [.chat]
            $0.models = ["echo-1"]
        }
        try await gateway.with { client in
            let narrowed = Client(client: client.client, token: narrow)
            let type = #"{"type":"completion","model":"echo-1","prompt":"x"}"#
            #expect(try await narrowed.send(.post, "/v1/prompts", type).status == 403)
            let model = try await narrowed.send(.post, "/v1/prompts", prompt("echo-2"))
            #expect(model.status == 403)
            #expect(try model.pointers() == ["/model"])
            #expect(try await gateway.isEmpty)
            #expect(try await narrowed.send(.post, "/v1/prompts", prompt("echo-1")).status == 202)
        }
    }

    @Test("After ten quick failures an address gets 429, and its good token still works")
    func limited() async throws {
        try await Gateway().with(.live) { client in
            let bad: HTTPFields = [.authorization: "Bearer junk"]
            for _ in 0..<10 { #expect(try await client.send(.get, "/v1/prompts", nil, bad).status == 401) }
            var limited = try await client.send(.get, "/v1/prompts", nil, bad)
            // One more is free for each six seconds that a busy machine has taken.
            for _ in 0..<50 where limited.status == 401 {
                limited = try await client.send(.get, "/v1/prompts", nil, bad)
            }
            #expect(limited.status == 429)
            #expect(limited.headers[.retryAfter].flatMap { Int($0) } ?? 0 > 0)
            #expect(try await client.send(.get, "/v1/prompts").status == 200)
        }
    }

    @Test("An unknown token is 503 while the store is away, never accepted")
    func storeDown() async throws {
        let gateway = Gateway()
        try await gateway.with { client in
            gateway.store.set(outage: .refusing(StoreError(.unavailable, "away")))
            let answer = try await client.send(.get, "/v1/prompts")
            #expect(answer.status == 503)
            #expect(answer.headers[.retryAfter] != nil)
        }
    }

    @Test("A token that ends soon says so on every answer, refusals included")
    func expiry() async throws {
        let gateway = Gateway()
        let short = try await gateway.token("short") { $0.lifetime = .lasting(.seconds(13 * 86_400)) }
        try await gateway.with { client in
            let name = try #require(HTTPField.Name("x-sluice-token-expires"))
            let soon = Client(client: client.client, token: short)
            #expect(try await soon.send(.get, "/v1/prompts").headers[name] != nil)
            #expect(try await soon.send(.get, "/v1/prompts/x").headers[name] != nil)
            #expect(try await client.send(.get, "/v1/prompts").headers[name] == nil)
        }
    }
}
