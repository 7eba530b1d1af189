import HTTPTypes
import HummingbirdTesting
import SluiceHTTP
import SluiceJSON
import SluiceStore
import SluiceTesting
import SluiceTokens
import SluiceTypes
import Testing

/// Dead prompts, and their way back to work.
@Suite(.timeLimit(.minutes(1)))
struct RedriveTests {
    @Test("A dead prompt is sent again to another model, beside what it did before, and the audit tells who did it")
    func redriven() async throws {
        let gateway = Gateway()
        try await gateway.with(running: true) { client in
            let operative = try await redriver(gateway, client)
            let id = try await dead(client)
            let answer = try await operative.send(.post, "/v1/prompts/\(id)/redrive", #"{"model":"echo-1"}"#)
            #expect(answer.status == 202)
            #expect(answer.headers[.location] == "/v1/prompts/\(id)")
            #expect(try answer.field("id") == id)
            #expect(try answer.field("model") == "echo-1")
            let ended = try await client.send(.get, "/v1/prompts/\(id)", nil, .one("Prefer", "wait=60"))
            let root = try ended.json().root
            #expect(root[key: "status"]?.string == "succeeded")
            #expect(root[key: "attempts"]?.integer == 2)
            #expect(root[key: "error"]?.isNull == true)
            let attempts = try await client.send(.get, "/v1/prompts/\(id)/attempts").json().root[key: "attempts"]
            #expect(attempts?.elements.map { $0[key: "outcome"]?.string } == ["failed", "ok"])
            #expect(attempts?[0]?[key: "epoch"]?.integer == 1)
            #expect(attempts?[1]?[key: "epoch"]?.integer == 3)
            let lines = try await gateway.store.audit(AuditQuery(action: "job.redrive", limit: 9))
            #expect(lines.map(\.subject) == [id])
            #expect(lines.map(\.actor) == [TokenText(operative.token)?.id.rawValue])
            #expect(lines.map(\.result) == ["ok"])
        }
    }

    @Test("An attempt tells where, when, how it ended and what it used", arguments: ["echo-1", "error-tokenLimit"])
    func attempts(model: String) async throws {
        try await Gateway().with(running: true) { client in
            let answer = try await client.send(.post, "/v1/prompts", prompt(model), .one("Prefer", "wait=60"))
            let id = try #require(try answer.field("id"))
            let list = try await client.send(.get, "/v1/prompts/\(id)/attempts").json().root[key: "attempts"]
            let attempt = try #require(list?[0])
            #expect(
                attempt.members.map(\.key) == [
                    "epoch", "provider", "model", "outcome", "startedAt", "firstByteAt", "endedAt", "httpStatus",
                    "errorClass",
                    "message", "upstreamId", "usage",
                ]
            )
            let hasFailed = model != "echo-1"
            #expect(attempt[key: "outcome"]?.string == (hasFailed ? "failed" : "ok"))
            #expect(attempt[key: "errorClass"]?.string == (hasFailed ? "tokenLimit" : nil))
            #expect(attempt[key: "message"]?.string == (hasFailed ? "The fake says so." : nil))
            #expect(attempt[key: "usage"]?[key: "totalTokens"]?.integer == (hasFailed ? nil : 21))
            #expect(attempt[key: "endedAt"]?.string?.hasSuffix("Z") == true)
        }
    }

    @Test("Dead prompts are listed page by page, each with its error")
    func list() async throws {
        try await Gateway().with(running: true) { client in
            var ids: [String] = []
            for errorClass in ["invalidModel", "tokenLimit", "contentFilter"] {
                ids.append(try await dead(client, errorClass))
                _ = try await client.post("hold-1")
            }
            var seen: [JSONValue] = []
            var path: String? = "/v1/prompts?status=dead&limit=2"
            while let page = path {
                let root = try await client.send(.get, page).json().root
                seen += root[key: "prompts"]?.elements ?? []
                path = root[key: "next"]?.string.map { "/v1/prompts?status=dead&limit=2&after=\($0)" }
            }
            #expect(seen.compactMap { $0[key: "id"]?.string } == ids.reversed())
            let errors = seen.compactMap { $0[key: "error"] }
            #expect(errors.map { $0[key: "class"]?.string } == ["contentFilter", "tokenLimit", "invalidModel"])
            for error in errors {
                #expect(error.members.map(\.key) == ["class", "message", "provider", "httpStatus"])
                #expect(error[key: "message"]?.string == "The fake says so.")
                #expect(error[key: "provider"]?.string == "fake")
            }
        }
    }

    @Test("What can't be sent again is refused in words, and stays as it was")
    func refused() async throws {
        let gateway = Gateway()
        try await gateway.with(running: true) { client in
            let operative = try await redriver(gateway, client)
            let id = try await dead(client)
            let cases: [(body: String, status: Int, word: String)] = [
                (#"{"model":"ecco-1"}"#, 400, "/model"), (#"{"model":""}"#, 400, "/model"),
                (#"{"model":"\#(String(repeating: "e", count: 257))"}"#, 400, "at most 256 bytes"),
                (#"{"model":null}"#, 400, "/model"), (#"{"model":7}"#, 400, "/model"),
                (#"{"modell":"echo-1"}"#, 400, "did you mean `model`?"), ("[]", 400, "must be an object"),
                ("{", 400, "not acceptable JSON"), (#"{"model":"locked-1"}"#, 503, "keyless"),
            ]
            for (body, status, word) in cases {
                let answer = try await operative.send(.post, "/v1/prompts/\(id)/redrive", body)
                #expect(answer.status == status, "\(body)")
                #expect(try answer.field("detail")?.contains(word) == true, "\(answer.text)")
            }
            let plain = try await operative.send(.post, "/v1/prompts/\(id)/redrive", "{}", .one("Content-Type", "a/b"))
            #expect(plain.status == 415)
            let record = try #require(try await gateway.store.job(JobID(id)!, owner: nil))
            #expect(record.state == .dead)
            #expect(record.epoch == 1)
            #expect(try await gateway.store.audit(AuditQuery(action: "job.redrive", limit: 9)).isEmpty)
        }
    }

    @Test("A prompt that is not dead is 409 with its state; what is not there, or another's, is 404")
    func wrongState() async throws {
        let gateway = Gateway()
        try await gateway.with(running: true) { client in
            let operative = try await redriver(gateway, client)
            let later = prompt("echo-1", #""delaySeconds":3600"#)
            let queued = try await client.send(.post, "/v1/prompts", later).field("id") ?? ""
            let done =
                try await client.send(.post, "/v1/prompts", prompt(), .one("Prefer", "wait=60")).field("id") ?? ""
            for (id, state) in [(queued, "queued"), (done, "succeeded")] {
                for body in [nil, #"{"model":"nobody-has-this"}"#] {
                    let answer = try await operative.send(.post, "/v1/prompts/\(id)/redrive", body)
                    #expect(answer.status == 409)
                    #expect(try answer.field("detail")?.contains(state) == true)
                }
            }
            let id = try await dead(client)
            let text = try await gateway.token("stranger") { $0.scopes = [.jobsRedrive, .jobsRead] }
            let stranger = Client(client: client.client, token: text)
            #expect(try await stranger.send(.post, "/v1/prompts/\(id)/redrive").status == 404)
            #expect(try await operative.send(.post, "/v1/prompts/\(JobID.generate(at: .now()))/redrive").status == 404)
            #expect(try await client.send(.delete, "/v1/prompts/\(id)").status == 204)
            #expect(try await operative.send(.post, "/v1/prompts/\(id)/redrive").status == 404)
        }
    }

    @Test(
        "Redriving needs a scope of its own, keeps to the token's types and models, and shows nothing without jobs:read"
    )
    func scope() async throws {
        let gateway = Gateway()
        try await gateway.with(running: true) { client in
            let id = try await dead(client)
            let refused = try await client.send(.post, "/v1/prompts/\(id)/redrive")
            #expect(refused.status == 403)
            #expect(try refused.field("detail")?.contains("jobs:redrive") == true)
            let narrow = try await redriver(gateway, client) { $0.models = ["echo-1"] }
            #expect(try await narrow.send(.post, "/v1/prompts/\(id)/redrive").status == 403)
            let other = try await narrow.send(.post, "/v1/prompts/\(id)/redrive", #"{"model":"echo-2"}"#)
            #expect(other.status == 403)
            #expect(try other.pointers() == ["/model"])
            let blind = try await redriver(gateway, client) { $0.scopes = [.jobsRedrive] }
            let answer = try await blind.send(.post, "/v1/prompts/\(id)/redrive", #"{"model":"hold-1"}"#)
            #expect(answer.status == 202)
            let names = try answer.json().root.members.map(\.key)
            #expect(names == ["id", "status", "processStatus", "createdAt", "updatedAt"])
        }
    }

    /// The id of a prompt that has died.
    private func dead(_ client: Client, _ errorClass: String = "invalidRequest") async throws -> String {
        let body = prompt("error-\(errorClass)")
        let answer = try await client.send(.post, "/v1/prompts", body, .one("Prefer", "wait=60"))
        #expect(try answer.field("status") == "dead")
        return try answer.field("id") ?? ""
    }

    /// A client of the same owner that may redrive.
    private func redriver(
        _ gateway: Gateway,
        _ client: Client,
        _ order: (inout TokenOrder) -> Void = { _ in }
    ) async throws -> Client {
        let text = try await gateway.token("redriver") { wanted in
            wanted.owner = "app"
            wanted.scopes = [.jobsRedrive, .jobsRead]
            order(&wanted)
        }
        return Client(client: client.client, token: text)
    }
}
