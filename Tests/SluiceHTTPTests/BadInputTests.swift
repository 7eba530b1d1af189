import HTTPTypes
import HummingbirdTesting
import SluiceHTTP
import SluiceJSON
import SluiceStore
import SluiceTesting
import SluiceTypes
import Testing

/// A body that is refused with 400, and the pointers its faults have.
struct BadBody: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var bytes: [UInt8]
    var pointers: [String]
    /// Some word of the answer's first fault.
    var word: String

    init(_ name: String, _ body: String, _ pointers: [String], _ word: String) {
        testDescription = name
        bytes = Array(body.utf8)
        self.pointers = pointers
        self.word = word
    }

    static let malformed: [BadBody] = [
        BadBody("empty", "", [""], ""),
        BadBody("not JSON", "prompt=hello", [""], "line"),
        BadBody("cut short", #"{"type":"chat""#, [""], ""),
        BadBody("NaN", #"{"randomness":NaN}"#, [""], "line"),
        BadBody("duplicate key", #"{"type":"chat","type":"chat"}"#, [""], ""),
        BadBody("trailing bytes", prompt() + "x", [""], "line"),
        BadBody("two values", prompt() + prompt(), [""], "line"),
        BadBody("1e400", prompt("echo-1", #""randomness":1e400"#), [""], ""),
        BadBody("depth 100", String(repeating: "[", count: 100) + String(repeating: "]", count: 100), [""], ""),
        BadBody("depth 100,000", String(repeating: "[", count: 100_000), [""], ""),
        BadBody("101,000 values", "[" + String(repeating: "0,", count: 100_999) + "0]", [""], ""),
        BadBody("array", "[\(prompt())]", [""], "object"),
        BadBody("string", #""hello""#, [""], "object"),
    ]

    static let faulty: [BadBody] = [
        BadBody("nothing", "{}", ["/type", "/model", "/prompt"], "required"),
        BadBody(
            "long model",
            #"{"type":"chat","model":"\#(String(repeating: "m", count: 257))","prompt":"x"}"#,
            ["/model"],
            "at most 256 bytes"
        ),
        BadBody("no prompt", #"{"type":"chat","model":"echo-1"}"#, ["/prompt"], "required"),
        BadBody("empty prompt", #"{"type":"chat","model":"echo-1","prompt":""}"#, ["/prompt"], "empty"),
        BadBody("empty type", #"{"type":"","model":"echo-1","prompt":"x"}"#, ["/type"], "empty"),
        BadBody("number as prompt", #"{"type":"chat","model":"echo-1","prompt":1}"#, ["/prompt"], "string"),
        BadBody("null as systemMsg", prompt("echo-1", #""systemMsg":null"#), ["/systemMsg"], "null"),
        BadBody("text as randomness", prompt("echo-1", #""randomness":"0.7""#), ["/randomness"], "number"),
        BadBody("randomness 2.1", prompt("echo-1", #""randomness":2.1"#), ["/randomness"], "0 to 2"),
        BadBody("randomness -0.1", prompt("echo-1", #""randomness":-0.1"#), ["/randomness"], "0 to 2"),
        BadBody("maxToken 0", prompt("echo-1", #""maxToken":0"#), ["/maxToken"], "2147483647"),
        BadBody("maxToken 2^31", prompt("echo-1", #""maxToken":2147483648"#), ["/maxToken"], "2147483647"),
        BadBody("maxToken 2^64", prompt("echo-1", #""maxToken":18446744073709551616"#), ["/maxToken"], "whole"),
        BadBody("maxToken 1.5", prompt("echo-1", #""maxToken":1.5"#), ["/maxToken"], "whole"),
        BadBody("maxToken true", prompt("echo-1", #""maxToken":true"#), ["/maxToken"], "whole"),
        BadBody("unknown field", prompt("echo-1", #""maxTokens":5"#), ["/maxTokens"], "maxToken"),
        BadBody("pointer with slash", prompt("echo-1", #""a/b":5"#), ["/a~1b"], "known"),
        BadBody("metadata array", prompt("echo-1", #""metadata":[]"#), ["/metadata"], "object"),
        BadBody("metadata number", prompt("echo-1", #""metadata":{"a":"b","c":1}"#), ["/metadata/c"], "string"),
        BadBody("runAt yesterday's format", prompt("echo-1", #""runAt":"tomorrow""#), ["/runAt"], "3339"),
        BadBody("runAt too far", prompt("echo-1", #""runAt":"2999-01-01T00:00:00Z""#), ["/runAt"], "30 days"),
        BadBody("delay negative", prompt("echo-1", #""delaySeconds":-1"#), ["/delaySeconds"], "0 to"),
        BadBody(
            "two times",
            prompt("echo-1", #""delaySeconds":1,"runAt":"2000-01-01T00:00:00Z""#),
            ["/runAt"],
            "together"
        ),
        BadBody("deadline 0", prompt("echo-1", #""deadlineSeconds":0"#), ["/deadlineSeconds"], "1"),
        BadBody("lane", prompt("echo-1", #""lane":"fast""#), ["/lane"], "interactive"),
        BadBody("onUnknown", prompt("echo-1", #""onUnknown":"retri""#), ["/onUnknown"], "did you mean `retry`?"),
        BadBody("unknown type", #"{"type":"chatt","model":"echo-1","prompt":"x"}"#, ["/type"], "did you mean `chat`?"),
        BadBody("type nobody serves", #"{"type":"embedding","model":"e","prompt":"x"}"#, ["/type"], "/v1/embeddings"),
        BadBody("unknown model", prompt("locked-2"), ["/model"], "did you mean `locked-1`?"),
        BadBody(
            "all at once",
            #"{"type":"chat","model":"nobody","randomness":3,"x":1}"#,
            ["/x", "/prompt", "/randomness", "/model"],
            "x"
        ),
    ]
}

@Suite
struct BadInputTests {
    @Test("A malformed or faulty body is named, and nothing is stored", arguments: BadBody.malformed + BadBody.faulty)
    func refused(body: BadBody) async throws {
        let gateway = Gateway()
        try await gateway.with { client in
            for path in ["/v1/prompts", "/gpt/prompt"] {
                let answer = try await client.send(.post, path, bytes: body.bytes)
                #expect(answer.status == 400)
                #expect(answer.headers[.contentType] == "application/problem+json")
                let root = try answer.json().root
                #expect(root[key: "status"]?.integer == 400)
                #expect(root[key: "type"]?.string?.isEmpty == false)
                #expect(root[key: "title"]?.string == "Bad Request")
                #expect(root[key: "instance"]?.string?.isEmpty == false)
                #expect(try Set(answer.pointers()) == Set(body.pointers))
                #expect(body.word.isEmpty || answer.text.contains(body.word))
                #expect(try await client.send(.get, "/healthz").status == 200)
            }
        }
        #expect(try await gateway.isEmpty)
    }

    @Test("Bytes that are no UTF-8 are refused")
    func badUTF8() async throws {
        let gateway = Gateway()
        try await gateway.with { client in
            let bytes = Array(#"{"type":"chat","model":"echo-1","prompt":""#.utf8) + [0xC3, 0x28] + Array(#""}"#.utf8)
            let answer = try await client.send(.post, "/v1/prompts", bytes: bytes)
            #expect(answer.status == 400)
        }
        #expect(try await gateway.isEmpty)
    }

    @Test("What the caller may choose from is listed")
    func allowed() async throws {
        try await Gateway().with { client in
            let type = try await client.send(.post, "/v1/prompts", #"{"type":"x","model":"m","prompt":"x"}"#)
            let types = try type.json().root[key: "errors"]?[0]?[key: "allowed"]?.elements.compactMap(\.string)
            #expect(types == ["chat", "completion"])
            let model = try await client.send(.post, "/v1/prompts", prompt("nobody"))
            let models = try model.json().root[key: "errors"]?[0]?[key: "allowed"]?.elements.compactMap(\.string)
            #expect(models?.contains("locked-1") == true)
        }
    }

    @Test("A model whose row has no key is 503 at once and for good, naming the row alone")
    func noKey() async throws {
        let gateway = Gateway()
        try await gateway.with { client in
            let answer = try await client.send(.post, "/v1/prompts", prompt("locked-1"))
            #expect(answer.status == 503)
            #expect(try answer.field("detail")?.contains("keyless") == true)
            #expect(try answer.field("detail")?.contains("SOME_KEY") == false)
            #expect(answer.headers[.retryAfter] == nil)
            #expect(answer.headers[HTTPField.Name("x-should-retry")!] == "false")
        }
        #expect(try await gateway.isEmpty)
    }

    @Test(
        "A body that is not declared JSON is 415 and says what to add",
        arguments: ["", "text/plain", "application/jsonx"]
    )
    func contentType(type: String) async throws {
        let gateway = Gateway()
        try await gateway.with { client in
            let answer = try await client.send(.post, "/v1/prompts", prompt(), [.contentType: type])
            #expect(answer.status == 415)
            #expect(try answer.field("detail")?.contains("-H 'Content-Type: application/json'") == true)
            let good = try await client.send(
                .post,
                "/v1/prompts",
                prompt(),
                [.contentType: "Application/JSON; charset=utf-8"]
            )
            #expect(good.status == 202)
        }
    }

    @Test(
        "A body over the limit is 413 and the connection is to be closed; one at the limit is taken",
        arguments: ["/v1/prompts", "/gpt/prompt"]
    )
    func tooLarge(path: String) async throws {
        let gateway = Gateway(bodyLimit: path == "/v1/prompts" ? 1 << 20 : 32 << 20)
        try await gateway.with { client in
            let frame = prompt("echo-1", #""systemMsg":"""#).utf8.count
            let fits = prompt("echo-1", #""systemMsg":"\#(String(repeating: "x", count: (1 << 20) - frame))""#)
            #expect(fits.utf8.count == 1 << 20)
            let large = try await client.send(.post, path, fits + " ")
            #expect(large.status == 413)
            #expect(large.headers[.connection] == "close")
            #expect((200...202).contains(try await client.send(.post, path, fits).status))
        }
        #expect(try await gateway.store.counts()[.queued] == 1)
    }

    @Test("A full disk is 507, an absent store 503, and neither stores anything")
    func storeTrouble() async throws {
        let gateway = Gateway()
        try await gateway.with { client in
            // The token's record is fresh in the service's memory, so that the body's fate is what is seen.
            _ = try await client.send(.get, "/v1/prompts")
            gateway.store.set(outage: .refusing(StoreError(.full, "no room")))
            let full = try await client.send(.post, "/v1/prompts", prompt())
            gateway.store.set(outage: .refusing(StoreError(.unavailable, "away")))
            let away = try await client.send(.post, "/v1/prompts", prompt())
            gateway.store.set(outage: nil)
            #expect(full.status == 507)
            #expect(away.status == 503)
            #expect(away.headers[.retryAfter] != nil)
            #expect(try await client.send(.post, "/v1/prompts", prompt()).status == 202)
        }
        #expect(try await gateway.store.counts()[.queued] == 1)
    }

    @Test(
        "Ids that are none, and unknown ones, are 404; unknown paths too; a wrong method is 405 and says which is right"
    )
    func places() async throws {
        try await Gateway().with { client in
            #expect(try await client.send(.get, "/v1/prompts/1").status == 404)
            #expect(try await client.send(.get, "/v1/prompts/\(JobID.generate(at: .now()))").status == 404)
            let unknown = try await client.send(.get, "/v2/prompts")
            #expect(unknown.status == 404)
            #expect(unknown.headers[.contentType] == "application/problem+json")
            let wrong = try await client.send(.put, "/v1/prompts", prompt())
            #expect(wrong.status == 405)
            #expect(wrong.headers[.allow] == "POST, GET, HEAD")
            #expect(wrong.headers[.contentType] == "application/problem+json")
            let head = try await client.send(.head, "/healthz")
            #expect(head.status == 200)
            #expect(head.bytes.isEmpty)
        }
    }

    @Test("A sane request id comes back, another is replaced")
    func requestID() async throws {
        try await Gateway().with { client in
            let name = try #require(HTTPField.Name("x-request-id"))
            let kept = try await client.send(.get, "/healthz", nil, [name: "my-id_1.2"])
            #expect(kept.headers[name] == "my-id_1.2")
            for id in ["a b", String(repeating: "x", count: 65), "<script>"] {
                let made = try await client.send(.get, "/healthz", nil, [name: id])
                #expect(made.headers[name]?.hasPrefix("req_") == true)
            }
        }
    }
}
