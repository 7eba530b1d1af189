import HTTPTypes
import SluiceJSON
import SluiceStore
import SluiceTesting
import SluiceTypes
import Testing

@testable import SluiceHTTP

/// Prompts that hold OpenAI's body.
@Suite("A prompt with a request")
struct RequestTests {
    private static let chat = #"{"model":"echo-1","messages":[{"role":"user","content":"hi"}],"temperature":0.70}"#

    @Test("is stored as the member's own bytes, and answered with the provider's object and its text")
    func answered() async throws {
        let gateway = Gateway()
        try await gateway.with(running: true) { client in
            let body = #"{"type":"chat", "request": \#(Self.chat), "metadata":{"batch":"b1"},"lane":"interactive"}"#
            let answer = try await client.send(.post, "/v1/prompts", body, .one("Prefer", "wait=60"))
            #expect(answer.status == 200)
            let root = try answer.json().root
            #expect(root[key: "status"]?.string == "succeeded")
            #expect(root[key: "surface"]?.string == "prompt")
            #expect(root[key: "model"]?.string == "echo-1")
            #expect(root[key: "request"].map { String(decoding: $0.bytes, as: UTF8.self) } == Self.chat)
            #expect(root[key: "response"]?.string == "an answer")
            #expect(root[key: "result"] != nil)
            for name in ["prompt", "systemMsg", "randomness", "maxToken"] { #expect(root[key: name]?.isNull == true) }
            #expect(root[key: "metadata"]?[key: "batch"]?.string == "b1")
        }
        let job = try #require(try await gateway.store.jobs(JobQuery(owner: nil, limit: 1)).first)
        #expect(job.format == .openAIChat && job.terms.lane == .interactive)
    }

    @Test("may be much larger than a prompt, and the same key finds it again")
    func large() async throws {
        let gateway = Gateway()
        try await gateway.with { client in
            let text = String(repeating: "x", count: 2 << 20)
            let request = #"{"model":"echo-1","messages":[{"role":"user","content":"\#(text)"}]}"#
            let body = #"{"type":"chat","request":\#(request)}"#
            let first = try await client.send(.post, "/v1/prompts", body, .one("Idempotency-Key", "k"))
            let second = try await client.send(.post, "/v1/prompts", body, .one("Idempotency-Key", "k"))
            #expect(first.status == 202 && second.headers[HTTPField.Name("Idempotency-Replayed")!] == "true")
            let plain = try await client.send(
                .post,
                "/v1/prompts",
                #"{"type":"chat","model":"echo-1","prompt":"\#(text)"}"#
            )
            #expect(plain.status == 400)
            #expect(plain.text.contains("must be at most 1048576 bytes long, not 2097152"))
        }
    }

    @Test(
        "is refused with every fault, each with its place",
        arguments: [
            (#""request":\#(chat),"prompt":"x""#, ["/prompt: can't be given together with request"]),
            (#""request":\#(chat),"maxToken":1"#, ["/maxToken"]),
            (#""request":\#(chat),"model":"echo-2""#, ["/model: `echo-2` is not the model of request, `echo-1`"]),
            (#""request":7"#, ["/request: must be a JSON object, not a number"]),
            (#""request":{"messages":[]}"#, ["/request/model: is required"]),
            (#""request":{"model":"echo-1"}"#, ["/request/messages: is required"]),
            (#""request":{"model":"echo-1","messages":[{}]}"#, ["/request/messages/0/role"]),
            (
                #""request":{"model":"echo-1","stream":true,"messages":[{"role":"user"}]}"#,
                ["/request/stream: can't be asked for here"]
            ),
            (
                #""request":{"model":"ehco-1","messages":[{"role":"user"}]},"tries":21"#,
                ["/tries", "`ehco-1` is no model that any provider here serves for chat"]
            ),
            (#""model":"echo-1""#, ["/prompt: is required"]),
        ]
    )
    func refused(members: String, says: [String]) async throws {
        let gateway = Gateway()
        let answer = try await gateway.with { client in
            try await client.send(.post, "/v1/prompts", #"{"type":"chat",\#(members)}"#)
        }
        #expect(answer.status == 400)
        let faults = try answer.json().root[key: "errors"]?.elements ?? []
        let told = faults.map { "\($0[key: "pointer"]?.string ?? ""): \($0[key: "detail"]?.string ?? "")" }
        for words in says { #expect(told.contains { $0.contains(words) }, "\(told)") }
        #expect(try await gateway.isEmpty)
    }

    @Test("is what embeddings need; the original paths have no such thing")
    func others() async throws {
        let gateway = Gateway()
        try await gateway.with { client in
            let vectors = try await client.send(.post, "/v1/prompts", #"{"type":"embedding","model":"e","prompt":"x"}"#)
            #expect(vectors.status == 400 && vectors.text.contains(#"needs \"request\""#), "\(vectors.text)")
            let original = try await client.send(.post, "/gpt/prompt", #"{"type":"chat","request":\#(Self.chat)}"#)
            #expect(original.status == 400 && original.text.contains("`request` is no field here"))
        }
        #expect(try await gateway.isEmpty)
    }

    @Test(
        "A fault names what was given, what is allowed, and what is near; never a key",
        arguments: [
            (
                #""type":"chatt","model":"echo-1","prompt":"x""#,
                "`chatt` is no type here; `chat`, `completion` are: did you mean `chat`?"
            ),
            (#""type":"chat","model":"echo-1","prompt":"x","tries":21"#, "must be from 1 to 20, not 21"),
            (
                #""type":"chat","model":"echo-1","prompt":"x","randomness":"warm""#,
                "must be a number from 0 to 2, not a string"
            ),
            (
                #""type":"chat","model":"echo-1","prompt":"x","lane":"bulky""#,
                "is no lane; `interactive`, `bulk` are: did you mean `bulk`?"
            ),
            (#""type":"chat","model":"echo-1","promt":"x""#, "`promt` is no field here;"),
            (#""type":"chat","model":"sk-proj-abcdefghijklmnop","prompt":"x""#, "`[redacted]` is no model"),
            (
                #""type":"chat","model":"echo-1","prompt":"x","prompt":"y""#,
                "a member's name occurs twice in one object at line 1, column 46: `prompt`"
            ),
        ]
    )
    func named(members: String, sentence: String) async throws {
        let answer = try await Gateway().with { client in
            try await client.send(.post, "/v1/prompts", "{\(members)}")
        }
        #expect(answer.status == 400)
        let said = try answer.json().root
        #expect(said[key: "detail"]?.string?.contains(sentence) == true, "\(answer.text)")
        #expect(!answer.text.contains("sk-proj"))
    }
}
