import LoopbackProvider
import SluiceJSON
import Testing

/// What a provider sees, and what becomes of what it says.
@Suite(.timeLimit(.minutes(2))) struct UpstreamTests {
    static let key = "sk-loopback-0123456789abcdef"

    static func gateway(
        _ provider: LoopbackProvider,
        row more: String = "",
        arguments: [String] = []
    ) async throws -> Gateway {
        let home = try Home(Home.openAI(at: provider.url, more))
        return try await Gateway.start(in: home, arguments, environment: ["LOOPBACK_KEY": key])
    }

    @Test func theProviderIsSentWhatWasSaidToTheByteAndNothingElse() async throws {
        let provider = try await LoopbackProvider.start()
        let gateway = try await Self.gateway(provider)
        let token = try await gateway.token()
        let body =
            #"{"type":"chat","model":"gpt-4o-mini","prompt":"Tiramisu?\/\u00fc","systemMsg":"Chef","#
            + #""randomness":7E-1,"maxToken":1000,"metadata":{"secret":"for us"}}"#
        let sent = try await gateway.send("POST", "/v1/prompts", token: token, body: body)
        _ = try await gateway.end(of: try #require(try sent.json()[key: "id"]?.string), token: token)

        let request = try #require(provider.requests.first)
        #expect(provider.requests.count == 1)
        #expect(request.method == "POST")
        #expect(request.path == "/v1/chat/completions")
        #expect(request["Authorization"] == "Bearer \(Self.key)")
        #expect(request["Content-Type"] == "application/json")
        let raw = String(decoding: request.raw, as: UTF8.self)
        #expect(!raw.contains(token) && !raw.contains("slc_"))
        #expect(
            request.text == #"{"model":"gpt-4o-mini","messages":[{"role":"system","content":"Chef"},"#
                + #"{"role":"user","content":"Tiramisu?\/\u00fc"}],"temperature":7E-1,"max_tokens":1000}"#
        )
    }

    @Test func oneRowServesAllOfOpenAIsTypesWithOneKey() async throws {
        let provider = try await LoopbackProvider.start { request, _ in
            switch request.path {
            case "/v1/chat/completions": .chat(text: "A chat")
            case "/v1/completions": .completion(text: "A completion")
            case "/v1/embeddings": .embeddings(["[0.5,1]"])
            case "/v1/models": .models(["gpt-4o-mini", "text-embedding-3-small", "other"])
            default: .openAIError(404)
            }
        }
        let row = #"""
            {"version": 1, "providers": [
              {"name": "vendor", "adapter": "openai", "models": ["gpt-*", "text-*"], "baseURL": "\#(provider.url)/v1",
               "credential": {"env": "LOOPBACK_KEY"}TYPE}]}
            """#
        let home = try Home(row.replacing("TYPE", with: ""))
        let gateway = try await Gateway.start(in: home, environment: ["LOOPBACK_KEY": Self.key])
        let token = try await gateway.token()
        func ask(_ path: String, _ body: String) async throws -> Answer {
            try await gateway.send("POST", path, token: token, body: body)
        }
        let chat = #"{"model":"gpt-4o-mini","messages":[{"role":"user","content":"Hi"}]}"#
        #expect(try await ask("/v1/chat/completions", chat).text.contains("A chat"))
        let completion = try await ask("/v1/completions", #"{"model":"gpt-3.5-turbo-instruct","prompt":"Hi"}"#)
        #expect(completion.text.contains("A completion"))
        let embedding = try await ask("/v1/embeddings", #"{"model":"text-embedding-3-small","input":"Hi"}"#)
        #expect(embedding.text.contains("[0.5,1]"))
        let queued = try await ask(
            "/v1/prompts",
            #"{"type":"completion","model":"gpt-3.5-turbo-instruct","prompt":"Hi"}"#
        )
        let id = try #require(try queued.json()[key: "id"]?.string)
        #expect(try await gateway.end(of: id, token: token)[key: "response"]?.string == "A completion")
        #expect(
            provider.requests.map(\.path)
                == ["/v1/chat/completions", "/v1/completions", "/v1/embeddings", "/v1/completions"]
        )
        #expect(provider.requests.allSatisfy { $0["Authorization"] == "Bearer \(Self.key)" })
        let models = try await gateway.send("GET", "/v1/models", token: token).json()
        let names = models[key: "data"]?.elements.map { $0[key: "id"]?.string }
        #expect(names == ["gpt-4o-mini", "text-embedding-3-small"])
        let list = try await Command.run("provider", "list", "--json", "--data", home.data)
        let types = try Document(Array(list.output.utf8)).root[key: "rows"]?[0]?[key: "types"]?.elements.map(\.string)
        #expect(types == ["chat", "completion", "embedding"])

        // A row that leaves a type out is not asked for it.
        try home.write(providers: row.replacing("TYPE", with: #", "type": ["chat", "completion"]"#))
        #expect(try await Command.run("provider", "reload", "--data", home.data).status == 0)
        let refused = try await ask("/v1/embeddings", #"{"model":"text-embedding-3-small","input":"Hi"}"#)
        #expect(refused.status == 400 || refused.status == 404)
        #expect(refused.text.contains("embedding"))
        let key = ["LOOPBACK_KEY": Self.key]
        let test = ["provider", "test", "vendor", "--providers", home.providers, "--model", "gpt-4o-mini"]
        for (type, status, words) in [("completion", 0, "HTTP 200"), ("embedding", 1, "serves chat, completion")] {
            let trial = try Command(test + ["--type", type], environment: key)
            #expect(await trial.ended() == Int32(status))
            #expect((trial.output.text + trial.errors.text).contains(words), "\(trial.errors.text)")
        }
        #expect(provider.requests.last?.path == "/v1/completions")
    }

    @Test func aPromptWithoutOptionsIsSentWithoutOptions() async throws {
        let provider = try await LoopbackProvider.start()
        let gateway = try await Self.gateway(provider)
        let token = try await gateway.token()
        _ = try await gateway.end(of: gateway.prompt(model: "gpt-4o-mini", token: token), token: token)
        #expect(
            provider.requests.first?.text
                == #"{"model":"gpt-4o-mini","messages":[{"role":"user","content":"Hello"}]}"#
        )
    }

    @Test func oneFailureIsRetried() async throws {
        let provider = try await LoopbackProvider.start { _, number in
            number == 0 ? .openAIError(500, type: "server_error") : .chat(text: "Second")
        }
        let gateway = try await Self.gateway(provider)
        let token = try await gateway.token()
        let id = try await gateway.prompt(model: "gpt-4o-mini", token: token)
        let record = try await gateway.end(of: id, token: token)
        #expect(record[key: "status"]?.string == "succeeded")
        #expect(record[key: "attempts"]?.integer == 2)
        #expect(record[key: "response"]?.string == "Second")
        #expect(provider.requests.count == 2)
        let attempts = try await gateway.send("GET", "/v1/prompts/\(id)/attempts", token: token).json()
        #expect(attempts[key: "attempts"]?.elements.map { $0[key: "outcome"]?.string } == ["failed", "ok"])
        #expect(attempts[key: "attempts"]?[0]?[key: "row"] == nil)
        // The operator sees the row as it stood in the file.
        let shown = try await Command.run("job", "attempts", id, "--json", "--data", gateway.home.data)
        let row = try Document(Array(shown.output.utf8)).root[key: "attempts"]?[1]?[key: "row"]
        #expect(row?[key: "adapter"]?.string == "openai-chat" && row?[key: "name"]?.string != nil, "\(shown.output)")
    }

    @Test func twoFailuresAreTheEnd() async throws {
        let provider = try await LoopbackProvider.start { _, _ in .openAIError(500, type: "server_error") }
        let gateway = try await Self.gateway(provider)
        let token = try await gateway.token()
        let record = try await gateway.end(of: gateway.prompt(model: "gpt-4o-mini", token: token), token: token)
        #expect(record[key: "status"]?.string == "dead")
        #expect(record[key: "error"]?[key: "class"]?.string == "server")
        #expect(record[key: "error"]?[key: "httpStatus"]?.integer == 500)
        #expect(record[key: "gptResponse"]?.string?.hasPrefix("UNKNOWN: ") == true)
        #expect(provider.requests.count == 2)
    }

    struct Refusal: Sendable, CustomTestStringConvertible {
        var status: Int
        var type = "invalid_request_error"
        var code: String?
        var errorClass: String
        var cause: String

        var testDescription: String { "\(status) \(code ?? type)" }

        static let all = [
            Refusal(status: 400, errorClass: "invalidRequest", cause: "UNKNOWN"),
            Refusal(status: 402, errorClass: "permission", cause: "UNKNOWN"),
            Refusal(status: 403, errorClass: "permission", cause: "UNKNOWN"),
            Refusal(status: 404, code: "model_not_found", errorClass: "invalidModel", cause: "INVALID_MODEL"),
            Refusal(status: 400, code: "context_length_exceeded", errorClass: "tokenLimit", cause: "TOKEN_LIMIT"),
            Refusal(status: 400, code: "content_filter", errorClass: "contentFilter", cause: "UNKNOWN"),
        ]
    }

    @Test(arguments: Refusal.all)
    func aRefusalIsTheEndAfterOneCall(_ refusal: Refusal) async throws {
        let provider = try await LoopbackProvider.start { _, _ in
            .openAIError(refusal.status, type: refusal.type, code: refusal.code)
        }
        let gateway = try await Self.gateway(provider)
        let token = try await gateway.token()
        let record = try await gateway.end(of: gateway.prompt(model: "gpt-4o-mini", token: token), token: token)
        #expect(record[key: "status"]?.string == "dead")
        #expect(record[key: "error"]?[key: "class"]?.string == refusal.errorClass)
        #expect(record[key: "error"]?[key: "httpStatus"]?.integer == Int64(refusal.status))
        #expect(record[key: "gptResponse"]?.string?.hasPrefix("\(refusal.cause): ") == true)
        #expect(record[key: "attempts"]?.integer == 1)
        #expect(provider.requests.count == 1)
    }

    @Test func aRateLimitClosesTheRowForAllItsJobsAndCountsNothing() async throws {
        let provider = try await LoopbackProvider.start { _, number in
            number == 0
                ? .openAIError(
                    429,
                    type: "rate_limit_error",
                    code: "rate_limit_exceeded",
                    headers: [("Retry-After", "2")]
                )
                : .chat(text: "Later")
        }
        let gateway = try await Self.gateway(provider, row: #","concurrency":1"#)
        let token = try await gateway.token()
        let first = try await gateway.prompt("One", model: "gpt-4o-mini", token: token)
        _ = await provider.requests(atLeast: 1)
        let second = try await gateway.prompt("Two", model: "gpt-4o-mini", token: token)
        var records: [JSONValue] = []
        for id in [first, second] { records.append(try await gateway.end(of: id, token: token)) }
        #expect(records.map { $0[key: "status"]?.string } == ["succeeded", "succeeded"])
        let attempts = try await gateway.send("GET", "/v1/prompts/\(first)/attempts", token: token).json()
        #expect(attempts[key: "attempts"]?.elements.first?[key: "outcome"]?.string == "deferred")
        let shown = try await Command.run("job", "show", first, "--json", "--data", gateway.home.data)
        #expect(try Document(Array(shown.output.utf8)).root[key: "failures"]?.integer == 0)
        #expect(provider.requests.count == 3)
    }

    @Test func everyJobWaitsForABadKeyAndGoesOnAfterAReload() async throws {
        let provider = try await LoopbackProvider.start { request, _ in
            request["Authorization"] == "Bearer sk-good"
                ? .chat(text: "Good") : .openAIError(401, code: "invalid_api_key")
        }
        let home = try Home(Home.openAI(at: provider.url))
        let file = home.path + "/key"
        try home.write("sk-bad", to: file)
        try home.write(
            providers: #"""
                {"version": 1, "providers": [
                  {"name": "loopback", "adapter": "openai-chat", "type": "chat", "models": ["gpt-*"],
                   "baseURL": "\#(provider.url)/v1", "credential": {"file": "\#(file)"}, "concurrency": 1}]}
                """#
        )
        let gateway = try await Gateway.start(in: home, ["--credential-probe", "1h"])
        let token = try await gateway.token()
        let first = try await gateway.prompt("One", model: "gpt-4o-mini", token: token)
        // The one that brings the news waits, and who comes now is taken and waits too.
        var attempts: [JSONValue] = []
        while attempts.first?[key: "endedAt"]?.string == nil {
            let told = try await gateway.send("GET", "/v1/prompts/\(first)/attempts", token: token).json()
            attempts = told[key: "attempts"]?.elements ?? []
        }
        #expect(attempts.first?[key: "errorClass"]?.string == "authentication")
        #expect(attempts.first?[key: "outcome"]?.string == "deferred")
        let second = try await gateway.prompt("Two", model: "gpt-4o-mini", token: token)
        try home.write("sk-good", to: file)
        let reloaded = try await Command.run("provider", "reload", "--data", home.data)
        #expect(reloaded.status == 0, "\(reloaded.errors)")
        let last = try await gateway.end(
            of: gateway.prompt("Three", model: "gpt-4o-mini", token: token),
            token: token
        )
        #expect(last[key: "response"]?.string == "Good")
        for id in [first, second] {
            #expect(try await gateway.end(of: id, token: token)[key: "status"]?.string == "succeeded")
        }
    }

    @Test(arguments: [("retry", 2), ("deadLetter", 1)])
    func aRequestThatMayHaveBeenCarriedOutIsNeverResentInSilence(policy: String, calls: Int) async throws {
        // The first answer leaves the connection open, so that the second request goes over it and finds it dying.
        let provider = try await LoopbackProvider.start { request, _ in
            request.text.contains("Lost") ? .close : .chat(text: "Warm")
        }
        let gateway = try await Self.gateway(provider, row: #","concurrency":1"#)
        let token = try await gateway.token()
        let warm = try await gateway.prompt("Warm up", model: "gpt-4o-mini", token: token)
        _ = try await gateway.end(of: warm, token: token)
        let id = try await gateway.prompt(
            "Lost",
            model: "gpt-4o-mini",
            token: token,
            #","onUnknown":"\#(policy)""#
        )
        let record = try await gateway.end(of: id, token: token)
        #expect(record[key: "status"]?.string == "dead")
        #expect(record[key: "possiblyCharged"]?.boolean == true)
        let attempts = try await gateway.send("GET", "/v1/prompts/\(id)/attempts", token: token).json()
        let outcomes = attempts[key: "attempts"]?.elements.map { $0[key: "outcome"]?.string } ?? []
        #expect(outcomes == Array(repeating: "unknown", count: calls))
        #expect(provider.requests.filter { $0.text.contains("Lost") }.count == calls)
        let lost = try #require(provider.requests.first { $0.text.contains("Lost") })
        #expect(lost.connection == provider.requests[0].connection, "the connection was not reused: nothing was tested")
    }
}
