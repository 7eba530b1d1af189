import HTTPTypes
import HummingbirdTesting
import SluiceEngine
import SluiceJSON
import SluiceProvider
import SluiceTokens
import SluiceTypes
import Testing

@Suite("Fallbacks and aliases over HTTP")
struct RouteTests {
    private static let call = #"{"model":"MODEL","messages":[{"role":"user","content":"Hello?"}]}"#

    private static func call(_ model: String) -> String { call.replacing("MODEL", with: model) }

    /// A gateway on which `fast` stands for two models.
    private func gateway() -> Gateway {
        let gateway = Gateway()
        let targets = [ModelAlias.Target("error-tokenLimit"), ModelAlias.Target("echo-2", priority: 1)]
        gateway.engine.reload(
            Catalogue(rows: Gateway.rows, aliases: [ModelAlias(name: "fast", targets: targets)])
        )
        return gateway
    }

    @Test("A fallback answers what the model can't, and the record has both")
    func fallback() async throws {
        try await gateway().with(.live, running: true) { client in
            let body = prompt("error-tokenLimit", #""fallbacks": ["locked-1", "echo-1"]"#)
            let answer = try await client.send(.post, "/v1/prompts", body, .one("Prefer", "wait=60"))
            let root = try answer.json().root
            #expect(root[key: "status"]?.string == "succeeded")
            #expect(root[key: "model"]?.string == "error-tokenLimit")
            #expect(root[key: "fallbacks"]?.elements.compactMap(\.string) == ["locked-1", "echo-1"])
            let id = try #require(root[key: "id"]?.string)
            let attempts = try await client.send(.get, "/v1/prompts/\(id)/attempts").json().root[key: "attempts"]
            #expect(attempts?.elements.compactMap { $0[key: "model"]?.string } == ["error-tokenLimit", "echo-1"])
            let header = HTTPFields.one("x-sluice-fallbacks", "locked-1 , echo-1")
            let called = try await client.send(.post, "/v1/chat/completions", Self.call("error-tokenLimit"), header)
            #expect(called.status == 200, "\(called.text)")
            let alias = try await client.send(.post, "/v1/chat/completions", Self.call("fast"))
            #expect(alias.status == 200, "\(alias.text)")
        }
    }

    @Test(
        "What can't be a fallback is refused with what is allowed",
        arguments: [
            (#"["a","b","c","d","e","f"]"#, "at most 5"), (#"["nobody"]"#, "nobody"),
            (#"["echo-1"]"#, "each model once"),
            (#"["echo-2","echo-2"]"#, "each model once"), (#""echo-2""#, "array"), (#"[""]"#, "not empty"),
            (#"["a\u001Fb"]"#, "control characters"), (#"["\#(String(repeating: "e", count: 257))"]"#, "256"),
        ]
    )
    func faults(list: String, words: String) async throws {
        try await gateway().with { client in
            let answer = try await client.send(.post, "/v1/prompts", prompt("echo-1", #""fallbacks": \#(list)"#))
            #expect(answer.status == 400)
            let fault = try #require(try answer.json().root[key: "errors"]?[0])
            #expect(fault[key: "pointer"]?.string?.hasPrefix("/fallbacks") == true)
            #expect(answer.text.contains(words), "\(answer.text)")
        }
    }

    @Test("The same is refused in the header field, in the envelope of its surface")
    func headerFaults() async throws {
        try await gateway().with { client in
            for (list, words) in [("a,b,c,d,e,f", "at most 5"), ("nobody", "nobody"), ("echo-1", "each model once")] {
                let header = HTTPFields.one("x-sluice-fallbacks", list)
                let answer = try await client.send(.post, "/v1/chat/completions", Self.call("echo-1"), header)
                #expect([400, 404].contains(answer.status))
                #expect(try answer.json().root[key: "error"]?[key: "message"]?.string?.contains(words) == true)
            }
        }
    }

    @Test("A narrowed token gets nothing by an alias, a fallback or a redrive that it may not ask for itself")
    func narrowed() async throws {
        let gateway = gateway()
        let token = try await gateway.token("narrow") { order in
            order.models = ["fast*", "error-*"]
            order.scopes = [.jobsWrite, .jobsRead, .jobsRedrive]
        }
        try await gateway.with(running: true) { client in
            let mine = HTTPField(name: .authorization, value: "Bearer \(token)")
            func expect403(_ path: String, _ body: String, _ field: HTTPField? = nil, naming name: String) async throws
            {
                var headers: HTTPFields = [.authorization: mine.value]
                if let field { headers.append(field) }
                let answer = try await client.send(.post, path, body, headers)
                #expect(answer.status == 403, "\(path) \(body)")
                #expect(answer.text.contains("the model \(name)"), "\(answer.text)")
            }
            let fallbacks = HTTPField(name: .init("x-sluice-fallbacks")!, value: "error-server, echo-1")
            let async = HTTPField(name: .init("Prefer")!, value: "respond-async")
            // A pattern allows no alias.
            try await expect403("/v1/prompts", prompt("fast"), naming: "fast")
            try await expect403("/v1/prompts", prompt("error-server", #""fallbacks": ["echo-1"]"#), naming: "echo-1")
            try await expect403("/v1/prompts", prompt("error-server", #""fallbacks": ["fast"]"#), naming: "fast")
            try await expect403("/v1/chat/completions", Self.call("echo-1"), naming: "echo-1")
            try await expect403("/v1/chat/completions", Self.call("fast"), async, naming: "fast")
            try await expect403("/v1/chat/completions", Self.call("error-x"), fallbacks, naming: "echo-1")
            let dead = try await client.send(
                .post,
                "/v1/prompts",
                prompt("error-tokenLimit"),
                [.authorization: mine.value, .init("Prefer")!: "wait=60"]
            )
            let id = try #require(try dead.field("id"))
            try await expect403("/v1/prompts/\(id)/redrive", #"{"model":"fast"}"#, naming: "fast")
            let list = try await client.send(.get, "/v1/models", nil, [.authorization: mine.value])
            #expect(!list.text.contains(#""fast""#))
            #expect(try await client.send(.get, "/v1/models").text.contains(#""fast""#))
        }
    }
}
