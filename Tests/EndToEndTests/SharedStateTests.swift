import LoopbackProvider
import SluiceJSON
import Testing

/// Owners behind one account of a provider, each of whom would read what the others keep there if it learnt the id.
@Suite("Owners behind one account", .timeLimit(.minutes(2)))
struct SharedStateTests {
    private static let body =
        #"{"model":"gpt-4o-mini","messages":[{"role":"user","content":[{"type":"text","text":"What does it say?"},"#
        + #"{"type":"file","file":{"file_id":"file-of-another"}}]}]}"#
    private static let plain = #"{"model":"gpt-4o-mini","messages":[{"role":"user","content":"Hi"}]}"#

    private func gateway(_ provider: LoopbackProvider, _ row: String = "") async throws -> Gateway {
        let home = try Home(Home.openAI(at: provider.url, row))
        return try await Gateway.start(in: home, environment: ["LOOPBACK_KEY": "sk-loopback-0123456789abcdef"])
    }

    @Test("read nothing of each other's: the provider is not even asked")
    func tenants() async throws {
        let provider = try await LoopbackProvider.start()
        let gateway = try await gateway(provider)
        for name in ["ada", "bob"] {
            let token = try await gateway.token(name)
            let prompt = #"{"type":"chat","request":\#(Self.body)}"#
            for (path, body, headers) in [
                ("/v1/chat/completions", Self.body, [:]),
                ("/v1/chat/completions", Self.body, ["Prefer": "respond-async"]), ("/v1/prompts", prompt, [:]),
            ] as [(String, String, [String: String])] {
                let answer = try await gateway.send("POST", path, token: token, headers: headers, body: body)
                #expect(answer.status == 400, "\(answer.text)")
                #expect(answer.text.contains("file_id") && answer.text.contains("sharedState"), "\(answer.text)")
            }
            #expect(provider.requests.isEmpty)
        }
        // The same without the file goes through.
        let token = try await gateway.token("carol")
        let answer = try await gateway.send("POST", "/v1/chat/completions", token: token, body: Self.plain)
        #expect(answer.status == 200)
        #expect(provider.requests.count == 1)
    }

    @Test("are one owner where the operator says so")
    func shared() async throws {
        let provider = try await LoopbackProvider.start()
        let gateway = try await gateway(provider, #", "sharedState": true"#)
        let token = try await gateway.token()
        let answer = try await gateway.send("POST", "/v1/chat/completions", token: token, body: Self.body)
        #expect(answer.status == 200, "\(answer.text)")
        #expect(provider.requests.map(\.text) == [Self.body])
        let list = try await Command.run("provider", "list", "--data", gateway.home.data)
        #expect(list.output.contains("sharedState"), "\(list.output)")
        let check = try await Command.run("provider", "check", "--providers", gateway.home.providers, "--json")
        let rows = try Document(Array(check.output.utf8)).root[key: "rows"]?.elements ?? []
        #expect(rows.map { $0[key: "sharedState"]?.boolean } == [false, true])
    }

    @Test("don't say who pays: what names an organization, a project, a workspace or a profile stays here")
    func payers() async throws {
        let provider = try await LoopbackProvider.start()
        let gateway = try await gateway(provider)
        let token = try await gateway.token()
        let fields = [
            "OpenAI-Organization": "org-of-the-caller", "OpenAI-Project": "proj-of-the-caller",
            "anthropic-workspace-id": "wrkspc-of-the-caller", "anthropic-user-profile-id": "profile-of-the-caller",
        ]
        let call = try await gateway.send(
            "POST",
            "/v1/chat/completions",
            token: token,
            headers: fields,
            body: Self.plain
        )
        #expect(call.status == 200)
        let queued = try await gateway.send(
            "POST",
            "/v1/chat/completions",
            token: token,
            headers: fields.merging(["Prefer": "respond-async"]) { $1 },
            body: Self.plain
        )
        let id = try #require(try queued.json()[key: "id"]?.string)
        #expect(try await gateway.end(of: id, token: token)[key: "status"]?.string == "succeeded")
        #expect(provider.requests.count == 2)
        for request in provider.requests {
            #expect(!String(decoding: request.raw, as: UTF8.self).contains("of-the-caller"))
            #expect(request.headers.allSatisfy { !$0.name.lowercased().hasPrefix("openai-") })
        }
    }
}
