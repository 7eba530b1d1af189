import SluiceJSON
import Testing

/// What must not be taken is refused clearly, stores nothing, and leaves the server well.
@Suite(.timeLimit(.minutes(2))) struct BadInputTests {
    struct Bad: Sendable, CustomTestStringConvertible {
        var name: String
        var body: [UInt8]
        var status = 400
        /// What the answer must hold.
        var says: [String] = []

        var testDescription: String { name }

        init(_ name: String, _ body: String, status: Int = 400, _ says: String...) {
            self.init(name, bytes: Array(body.utf8), status: status, says: says)
        }

        init(_ name: String, bytes: [UInt8], status: Int = 400, says: [String]) {
            self.name = name
            body = bytes
            self.status = status
            self.says = says
        }
    }

    static func prompt(_ more: String) -> String { #"{"type":"chat","model":"stub-echo","prompt":"x"\#(more)}"# }

    static let bodies: [Bad] = [
        Bad("not JSON", "{\n  nope}", "\"line\":2", "\"column\":3"),
        Bad("empty", "", "no JSON value"),
        Bad("an array", "[]", "object"),
        Bad("a number that is none", prompt(#","randomness":NaN"#), "\"line\":1"),
        Bad("a duplicate key", prompt(#","prompt":"y""#), "twice"),
        Bad("trailing bytes", prompt("") + "x", "\"line\":1"),
        Bad("two values", prompt("") + prompt(""), "\"line\":1"),
        Bad(
            "bad UTF-8",
            bytes: Array(#"{"type":"chat","model":"stub-echo","prompt":""#.utf8) + [0xff, 0xfe] + Array("\"}".utf8),
            says: ["UTF-8"]
        ),
        Bad(
            "depth 100",
            prompt(#","metadata":\#(String(repeating: "[", count: 100))\#(String(repeating: "]", count: 100))"#),
            "nested"
        ),
        Bad("depth 100,000", String(repeating: "[", count: 100_000), "nested"),
        Bad("101,000 arrays", "[" + Array(repeating: "[]", count: 101_000).joined(separator: ",") + "]", "100000"),
        Bad("1e400", prompt(#","randomness":1e400"#)),
        Bad("no type", #"{"model":"stub-echo","prompt":"x"}"#, "/type"),
        Bad("no model", #"{"type":"chat","prompt":"x"}"#, "/model"),
        Bad("no prompt", #"{"type":"chat","model":"stub-echo"}"#, "/prompt"),
        Bad("an empty prompt", #"{"type":"chat","model":"stub-echo","prompt":""}"#, "/prompt"),
        Bad("a prompt of the wrong type", #"{"type":"chat","model":"stub-echo","prompt":7}"#, "/prompt"),
        Bad("randomness out of range", prompt(#","randomness":2.01"#), "/randomness"),
        Bad("maxToken out of range", prompt(#","maxToken":0"#), "/maxToken"),
        Bad("maxToken with a fraction", prompt(#","maxToken":1.5"#), "/maxToken"),
        Bad("maxToken too large", prompt(#","maxToken":2147483648"#), "/maxToken"),
        Bad("an unknown field", prompt(#","maxTokens":1"#), "/maxTokens", "maxToken"),
        Bad("an unknown type", #"{"type":"chatt","model":"stub-echo","prompt":"x"}"#, "/type", "chat"),
        Bad("an unserved type", #"{"type":"embedding","model":"stub-echo","prompt":"x"}"#, "/type", "chat"),
        Bad("an unserved model", #"{"type":"chat","model":"stu-echo","prompt":"x"}"#, "/model", "stub-"),
        Bad("two faults", #"{"type":"chat","model":"stub-echo","prompt":"","maxToken":0}"#, "/prompt", "/maxToken"),
        Bad(
            "a row without its key",
            #"{"type":"chat","model":"gpt-4o","prompt":"x"}"#,
            status: 503,
            "loopback"
        ),
    ]

    @Test func everyBadBodyIsRefusedAndStoresNothing() async throws {
        let gateway = try await Gateway.start(in: Home(Home.openAI(at: "http://127.0.0.1:9")))
        let token = try await gateway.token()
        for bad in Self.bodies {
            let answer = try await gateway.send(raw: Self.request(bad.body, token: token, port: gateway.port))
            #expect(answer.status == bad.status, "\(bad.name): \(answer.text)")
            #expect(answer["Content-Type"] == "application/problem+json", "\(bad.name)")
            for part in bad.says { #expect(answer.text.contains(part), "\(bad.name): \(answer.text)") }
        }
        let list = try await gateway.send("GET", "/v1/prompts", token: token).json()
        #expect(list[key: "prompts"]?.elements.isEmpty == true)
        let id = try await gateway.prompt(token: token)
        #expect(try await gateway.end(of: id, token: token)[key: "status"]?.string == "succeeded")
    }

    private static func request(
        _ body: [UInt8],
        token: String,
        port: Int,
        type: String? = "application/json"
    ) -> [UInt8] {
        let kind = type.map { "Content-Type: \($0)\r\n" } ?? ""
        let head =
            "POST /v1/prompts HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nAuthorization: Bearer \(token)\r\n"
            + kind + "Content-Length: \(body.count)\r\n\r\n"
        return Array(head.utf8) + body
    }

    @Test func aBodyThatIsTooLargeIsRefusedAndTheConnectionClosed() async throws {
        let gateway = try await Gateway.start(in: Home(), ["--max-body", "1MiB"])
        let token = try await gateway.token()
        let port = gateway.port
        let body = Array(Self.prompt(#","systemMsg":"\#(String(repeating: "x", count: 1 << 20))""#).utf8)
        let (answer, closed) = try await Blocking.run {
            let connection = try RawConnection(port: port)
            connection.send(Self.request(body, token: token, port: port))
            return (try connection.answer(), try connection.isClosedByPeer())
        }
        #expect(answer.status == 413)
        #expect(closed)
    }

    @Test func aBodyThatIsNotCalledJSONIsRefusedWithTheFlagToAdd() async throws {
        let gateway = try await Gateway.start(in: Home())
        let token = try await gateway.token()
        let body = Array(Self.prompt("").utf8)
        for type in ["text/plain", "application/x-www-form-urlencoded", nil] {
            let answer = try await gateway.send(
                raw: Self.request(body, token: token, port: gateway.port, type: type)
            )
            #expect(answer.status == 415)
            #expect(answer.text.contains("-H 'Content-Type: application/json'"))
        }
    }

    @Test func aTokenThatIsNoneIsRefused() async throws {
        let gateway = try await Gateway.start(in: Home())
        let token = try await gateway.token()
        let flipped = token.dropLast(8) + (token.dropLast(7).last == "a" ? "b" : "a") + token.suffix(7)
        for authorization in ["", "Bearer junk", "Bearer \(flipped)", "Basic \(token)", "Bearer \(token)x", token] {
            let answer = try await gateway.send("GET", "/v1/prompts", headers: ["Authorization": authorization])
            #expect(answer.status == 401)
            #expect(answer["WWW-Authenticate"]?.hasPrefix("Bearer") == true)
            #expect(!answer.text.contains(token.suffix(20)))
        }
        #expect(try await gateway.send("GET", "/v1/prompts", token: token).status == 200)
    }

    @Test func anIdThatIsNoneIsRefused() async throws {
        let gateway = try await Gateway.start(in: Home())
        let token = try await gateway.token()
        let unknown = "0192f0c1-2b3c-7d4e-8f50-617283940a1b"
        #expect(try await gateway.send("GET", "/gpt/prompt", token: token).status == 400)
        #expect(try await gateway.send("GET", "/gpt/prompt?id=\(unknown)", token: token).status == 404)
        #expect(try await gateway.send("GET", "/v1/prompts/\(unknown)", token: token).status == 404)
        #expect(try await gateway.send("GET", "/v1/prompts/none", token: token).status == 404)
    }

    @Test func anIdempotencyKeyThatIsTooLongIsRefused() async throws {
        let gateway = try await Gateway.start(in: Home())
        let token = try await gateway.token()
        let key = String(repeating: "k", count: 256)
        let answer = try await gateway.send(
            "POST",
            "/v1/prompts",
            token: token,
            headers: ["Idempotency-Key": key],
            body: Self.prompt("")
        )
        #expect(answer.status == 400)
        #expect(answer.text.contains("255"))
    }

    @Test(arguments: [
        "GET /healthz HTTP/1.1\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nHost : a\r\n\r\n",
        "POST /v1/prompts HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "\u{16}\u{03}\u{01}\r\n\r\n",
    ])
    func bytesThatAreNoHTTPAreRefused(text: String) async throws {
        let gateway = try await Gateway.start(in: Home())
        let answer = try await gateway.send(raw: Array(text.utf8))
        #expect(answer.status == 400)
        #expect(try await gateway.send("GET", "/healthz").status == 200)
    }
}
