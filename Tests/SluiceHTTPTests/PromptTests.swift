import HTTPTypes
import HummingbirdTesting
import SluiceEngine
import SluiceJSON
import SluiceProvider
import SluiceStore
import SluiceTesting
import SluiceTokens
import SluiceTypes
import Testing

@testable import SluiceHTTP

@Suite
struct PromptTests {
    @Test("A prompt is taken with 202, its place, and the whole record", arguments: [TestingSetup.router, .live])
    func accepted(setup: TestingSetup) async throws {
        let gateway = Gateway()
        let answer = try await gateway.with(setup) { client in
            try await client.send(.post, "/v1/prompts", prompt("echo-1", #""randomness": 0.70, "maxToken": 1000"#))
        }
        #expect(answer.status == 202)
        let root = try answer.json().root
        let id = try #require(root[key: "id"]?.string)
        #expect(answer.headers[.location] == "/v1/prompts/\(id)")
        #expect(answer.headers[.cacheControl] == "no-store")
        #expect(answer.headers[HTTPField.Name("x-request-id")!] != nil)
        let names = root.members.map(\.key)
        #expect(
            names == [
                "id", "status", "type", "model", "provider", "surface", "lane", "fallbacks", "tries", "prompt",
                "systemMsg",
                "randomness", "maxToken", "metadata", "response", "finishReason", "usage", "error", "cost",
                "attempts", "possiblyCharged",
                "waitingFor", "nextAttemptAt", "processStatus", "createdAt", "updatedAt",
            ]
        )
        #expect(root[key: "status"]?.string == "queued")
        #expect(root[key: "lane"]?.string == "bulk")
        // Numbers keep the caller's spelling.
        #expect(root[key: "randomness"].map { Array($0.bytes) } == Array("0.70".utf8))
        #expect(root[key: "systemMsg"]?.isNull == true)
        #expect(root[key: "processStatus"]?.string == "PROCESSING")
    }

    @Test("With Prefer: wait the answer comes with its end, and GET shows the same")
    func waited() async throws {
        try await Gateway().with(running: true) { client in
            let answer = try await client.send(.post, "/v1/prompts", prompt(), .one("Prefer", "wait=600"))
            #expect(answer.status == 200)
            #expect(answer.headers[HTTPField.Name("Preference-Applied")!] == "wait=60")
            let root = try answer.json().root
            #expect(root[key: "status"]?.string == "succeeded")
            #expect(root[key: "provider"]?.string == "fake")
            #expect(root[key: "response"]?.string == "an answer")
            #expect(root[key: "gptResponse"]?.string == "an answer")
            #expect(root[key: "processStatus"]?.string == "SUCCESSFUL")
            #expect(root[key: "finishReason"]?.string == "stop")
            #expect(
                root[key: "usage"].map { Array($0.bytes) }
                    == Array(#"{"promptTokens":9,"completionTokens":12,"totalTokens":21}"#.utf8)
            )
            #expect(root[key: "attempts"]?.integer == 1)
            #expect(root[key: "error"]?.isNull == true)
            let id = try #require(root[key: "id"]?.string)
            let shown = try await client.send(.get, "/v1/prompts/\(id)")
            #expect(shown.status == 200)
            #expect(shown.text == answer.text)
            let attempts = try await client.send(.get, "/v1/prompts/\(id)/attempts")
            let attempt = try #require(try attempts.json().root[key: "attempts"]?[0])
            #expect(attempt[key: "provider"]?.string == "fake")
            #expect(attempt[key: "outcome"]?.string == "ok")
            #expect(attempt[key: "credential"] == nil)
        }
    }

    @Test(
        "A dead prompt says why, and the original way of saying it has the cause in front",
        arguments: [
            ("tokenLimit", "TOKEN_LIMIT"), ("invalidModel", "INVALID_MODEL"),
            ("contentFilter", "UNKNOWN"), ("invalidRequest", "UNKNOWN"),
        ]
    )
    func dead(errorClass: String, cause: String) async throws {
        try await Gateway().with(running: true) { client in
            let body = prompt("error-\(errorClass)", #""deadlineSeconds": 1"#)
            let answer = try await client.send(.post, "/v1/prompts", body, .one("Prefer", "wait=60"))
            #expect(answer.status == 200)
            let root = try answer.json().root
            #expect(root[key: "status"]?.string == "dead")
            #expect(root[key: "processStatus"]?.string == "ERROR")
            #expect(root[key: "error"]?[key: "class"]?.string == errorClass)
            #expect(root[key: "error"]?[key: "provider"]?.string == "fake")
            #expect(root[key: "gptResponse"]?.string?.hasPrefix("\(cause): ") == true)
        }
    }

    @Test("The same Idempotency-Key and body, bare or quoted, is the same prompt; another body is refused")
    func idempotency() async throws {
        let gateway = Gateway()
        try await gateway.with { client in
            let first = try await client.send(.post, "/v1/prompts", prompt(), .one("Idempotency-Key", "k 1"))
            let again = try await client.send(.post, "/v1/prompts", prompt(), .one("Idempotency-Key", "\"k 1\""))
            let other = try await client.send(.post, "/v1/prompts", prompt("echo-2"), .one("Idempotency-Key", "k 1"))
            #expect(first.headers[HTTPField.Name("Idempotency-Replayed")!] == nil)
            #expect(again.status == 202)
            #expect(again.headers[HTTPField.Name("Idempotency-Replayed")!] == "true")
            #expect(try again.field("id") == first.field("id"))
            #expect(other.status == 422)
            for key in [String(repeating: "k", count: 256), "", "ä"] {
                let fields = HTTPFields([HTTPField(name: HTTPField.Name("Idempotency-Key")!, value: key)])
                guard !key.isEmpty else { continue }
                let refused = try await client.send(.post, "/v1/prompts", prompt(), fields)
                #expect(refused.status == 400)
                #expect(try refused.pointers() == ["Idempotency-Key"])
            }
        }
        #expect(try await gateway.store.counts()[.queued] == 1)
    }

    @Test("What was taken under a key stays taken, whatever the rows say of it now, and is not to be had without it")
    func replayWithoutRows() async throws {
        let gateway = Gateway()
        let key = HTTPFields.one("Idempotency-Key", "k")
        try await gateway.with { client in
            let first = try await client.send(.post, "/v1/prompts", prompt(), key)
            let narrow = try await gateway.token("narrow") { ($0.owner, $0.models) = ("app", ["other-*"]) }
            for rows in [[], [gateway.locked("echo-*")]] {
                gateway.engine.reload(Catalogue(rows: rows))
                let refusal = rows.isEmpty ? 400 : 503
                let again = try await client.send(.post, "/v1/prompts", prompt(), key)
                #expect(again.status == 202)
                #expect(again.headers[HTTPField.Name("Idempotency-Replayed")!] == "true")
                #expect(try again.field("id") == first.field("id"))
                #expect(try await client.send(.post, "/v1/prompts", prompt()).status == refusal)
                let other = HTTPFields.one("Idempotency-Key", "l")
                #expect(try await client.send(.post, "/v1/prompts", prompt(), other).status == refusal)
                #expect(try await client.send(.post, "/v1/prompts", prompt("echo-2"), key).status == refusal)
                let narrowed = Client(client: client.client, token: narrow)
                #expect(try await narrowed.send(.post, "/v1/prompts", prompt(), key).status == 403)
            }
        }
        #expect(try await gateway.store.counts()[.queued] == 1)
    }

    @Test("Another owner's prompt is not there: not to read, list, cancel or delete")
    func strangers() async throws {
        let gateway = Gateway()
        let stranger = try await gateway.token("stranger")
        try await gateway.with { client in
            let id = try await client.post()
            let other = Client(client: client.client, token: stranger)
            #expect(try await other.send(.get, "/v1/prompts/\(id)").status == 404)
            #expect(try await other.send(.get, "/v1/prompts/\(id)", nil, .one("Prefer", "wait=1")).status == 404)
            #expect(try await other.send(.get, "/gpt/prompt?id=\(id)").status == 404)
            #expect(try await other.send(.get, "/v1/prompts/\(id)/attempts").status == 404)
            #expect(try await other.send(.post, "/v1/prompts/\(id)/cancel").status == 404)
            #expect(try await other.send(.delete, "/v1/prompts/\(id)").status == 404)
            #expect(try await other.send(.get, "/v1/prompts").json().root[key: "prompts"]?.elements.isEmpty == true)
            #expect(try await client.send(.get, "/v1/prompts/\(id)").field("status") == "queued")
        }
    }

    @Test("A queued prompt is cancelled once, and an ended one can be deleted")
    func cancelled() async throws {
        try await Gateway().with { client in
            let id = try await client.post()
            #expect(try await client.send(.delete, "/v1/prompts/\(id)").status == 409)
            let cancelled = try await client.send(.post, "/v1/prompts/\(id)/cancel")
            #expect(cancelled.status == 200)
            #expect(try cancelled.field("status") == "cancelled")
            #expect(try cancelled.field("gptResponse")?.hasPrefix("UNKNOWN: ") == true)
            #expect(try await client.send(.post, "/v1/prompts/\(id)/cancel").status == 409)
            #expect(try await client.send(.delete, "/v1/prompts/\(id)").status == 204)
            #expect(try await client.send(.get, "/v1/prompts/\(id)").status == 404)
        }
    }

    @Test("The list goes from the newest back, page by page")
    func list() async throws {
        try await Gateway().with { client in
            var ids: [String] = []
            for _ in 0..<5 { ids.append(try await client.post()) }
            var seen: [String] = []
            var path: String? = "/v1/prompts?limit=2&status=queued&model=echo-1"
            while let page = path {
                let root = try await client.send(.get, page).json().root
                seen += root[key: "prompts"]?.elements.compactMap { $0[key: "id"]?.string } ?? []
                path = root[key: "next"]?.string.map { "/v1/prompts?limit=2&after=\($0)" }
            }
            #expect(seen == ids.reversed())
            for query in ["limit=0", "limit=101", "limit=x", "status=done", "after=1", "statuss=queued"] {
                let refused = try await client.send(.get, "/v1/prompts?\(query)")
                #expect(refused.status == 400, "\(query)")
                #expect(try refused.pointers().count == 1)
            }
        }
    }

    @Test("A page of large prompts ends before it is too large to take")
    func largeList() async throws {
        try await Gateway().with { client in
            let large = prompt("echo-1", #""systemMsg":"\#(String(repeating: "x", count: 1_000_000))""#)
            for _ in 0..<20 { #expect(try await client.send(.post, "/v1/prompts", large).status == 202) }
            var counts: [Int] = []
            var path: String? = "/v1/prompts?limit=100"
            while let page = path {
                let answer = try await client.send(.get, page)
                #expect(answer.bytes.count < 9 << 20)
                let root = try answer.json().root
                counts.append(root[key: "prompts"]?.elements.count ?? 0)
                path = root[key: "next"]?.string.map { "/v1/prompts?limit=100&after=\($0)" }
            }
            #expect(counts == [8, 8, 4])
        }
    }

    @Test("An expired prompt does not tell an earlier attempt's row and status as its own")
    func expired() throws {
        let moment = Timestamp.now()
        let input = JobInput(body: Array(prompt().utf8))
        var job = JobRecord(
            queued: NewJob(
                .asked(by: OwnerID(rawValue: "own"), .chat, model: "echo-1"),
                id: .generate(at: moment),
                terms: JobTerms(surface: .prompt, format: .prompt, lane: .bulk, onUnknown: .retry),
                createdAt: moment,
                runAt: moment,
                fingerprint: [],
                input: input
            )
        )
        let start = AttemptStart(row: "fake", credential: nil, model: "m", configHash: "", startedAt: moment)
        let report = AttemptReport(endedAt: moment, httpStatus: 503, errorClass: .server, message: "It broke.")
        job.lastAttempt = AttemptRecord(epoch: 1, start: start, outcome: .failed, report: report)
        (job.state, job.errorClass) = (.dead, .expired)
        let expired = try Document(RecordWriter.bytes(job, waiting: nil, seesMoney: true)).root[key: "error"]
        #expect(expired?[key: "class"]?.string == "expired")
        #expect(expired?[key: "provider"]?.isNull == true)
        #expect(expired?[key: "httpStatus"]?.isNull == true)
        job.errorClass = .server
        let failed = try Document(RecordWriter.bytes(job, waiting: nil, seesMoney: true)).root[key: "error"]
        #expect(failed?[key: "provider"]?.string == "fake")
        #expect(failed?[key: "httpStatus"]?.integer == 503)
        #expect(failed?[key: "message"]?.string == "It broke.")
    }

    @Test("The original paths work with and without the stage, with any content type")
    func original() async throws {
        try await Gateway().with(running: true) { client in
            for path in ["/gpt/prompt", "/dev/gpt/prompt"] {
                let body = #"{ "type": "chat", "model": "echo-1", "prompt": "Hi", "randomness": 0.70 }"#
                let posted = try await client.send(.post, path, body, [.contentType: "text/plain"])
                #expect(posted.status == 200)
                let id = try #require(try posted.field("id"))
                #expect(posted.text.contains(#""randomness": 0.70"#))
                let shown = try await client.send(.get, "\(path)?id=\(id)", nil, .one("Prefer", "wait=60"))
                #expect(try shown.field("processStatus") == "SUCCESSFUL")
                #expect(try shown.field("gptResponse") == "an answer")
                #expect(try await client.send(.get, path).status == 400)
                #expect(try await client.send(.get, "\(path)?id=").status == 400)
                #expect(try await client.send(.get, "\(path)?id=x").status == 404)
                let unknown = JobID.generate(at: .now())
                #expect(try await client.send(.get, "\(path)?id=\(unknown)").status == 404)
            }
            #expect(try await client.send(.get, "/prod/gpt/prompt?id=x").status == 404)
        }
    }

    @Test("A prompt for later says when, and that nothing holds it")
    func later() async throws {
        try await Gateway().with(running: true) { client in
            let answer = try await client.send(.post, "/v1/prompts", prompt("echo-1", #""delaySeconds": 3600"#))
            let root = try answer.json().root
            let next = try #require(root[key: "nextAttemptAt"]?.string.flatMap { Timestamp(rfc3339: $0) })
            let created = try #require(root[key: "createdAt"]?.string.flatMap { Timestamp(rfc3339: $0) })
            #expect(next == created.adding(.seconds(3600)))
            #expect(root[key: "waitingFor"]?.isNull == true)
        }
    }

}
