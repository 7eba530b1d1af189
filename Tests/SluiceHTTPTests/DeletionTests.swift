import HTTPTypes
import HummingbirdTesting
import SluiceHTTP
import SluiceJSON
import SluiceStore
import SluiceTesting
import SluiceTypes
import Testing

@Suite(.timeLimit(.minutes(1)))
struct DeletionTests {
    @Test("A deleted prompt is gone for its owner, its key is free, and its accounting stays for operators")
    func deleted() async throws {
        let gateway = Gateway()
        try await gateway.with(running: true) { client in
            var fields = HTTPFields.one("Idempotency-Key", "k")
            fields.append(HTTPField(name: HTTPField.Name("Prefer")!, value: "wait=60"))
            let id = try await client.send(.post, "/v1/prompts", prompt(), fields).field("id") ?? ""
            let deleted = try await client.send(.delete, "/v1/prompts/\(id)")
            #expect(deleted.status == 204)
            #expect(deleted.bytes.isEmpty)
            for (method, path) in [
                (HTTPRequest.Method.get, ""), (.delete, ""), (.get, "/attempts"), (.post, "/cancel"),
            ] {
                #expect(try await client.send(method, "/v1/prompts/\(id)\(path)").status == 404, "\(method) \(path)")
            }
            #expect(try await client.send(.get, "/gpt/prompt?id=\(id)").status == 404)
            #expect(try await client.send(.get, "/v1/prompts").json().root[key: "prompts"]?.elements.isEmpty == true)
            let left = try #require(try await gateway.store.job(JobID(id)!, owner: nil))
            #expect(left.input == nil && left.result == nil)
            #expect(left.lastAttempt?.report?.entry?.usage == Usage(promptTokens: 9, completionTokens: 12))
            let other = try await client.send(.post, "/v1/prompts", prompt("echo-2"), .one("Idempotency-Key", "k"))
            #expect(other.status == 202)
            #expect(try other.field("id") != id)
        }
    }

    @Test("A prompt that has not ended is not deleted", arguments: ["hold-1", "echo-1"])
    func active(model: String) async throws {
        let gateway = Gateway()
        try await gateway.with(running: model == "hold-1") { client in
            let id = try await client.post(model)
            let state = model == "hold-1" ? "running" : "queued"
            while try await client.send(.get, "/v1/prompts/\(id)").field("status") != state { await Task.yield() }
            let refused = try await client.send(.delete, "/v1/prompts/\(id)")
            #expect(refused.status == 409)
            #expect(try refused.field("detail")?.contains(state) == true)
            #expect(try await client.send(.get, "/v1/prompts/\(id)").field("prompt") == "Hello?")
        }
    }
}
