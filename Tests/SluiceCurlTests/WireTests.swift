import FoundationEssentials
import LoopbackProvider
import SluiceCurl
import SluiceProvider
import SluiceTypes
import Testing

@Suite struct `What goes over the wire` {
    @Test func `a request is exactly what the call says`() async throws {
        let provider = try await LoopbackProvider.start()
        let transport = try CurlTransport()
        let outgoing = call(
            provider.url + "/v1/../v1/chat?api-version=2%20x&y=",
            headers: [
                HeaderField("Content-Type", "application/json"), HeaderField("X-Odd", "  a: b; c  "),
                HeaderField("x-empty", ""), HeaderField("X-Odd", "again"),
            ],
            body: #"{"a":1}"#,
            secret: SecretHeader(name: "Authorization", prefix: "Bearer ", secret: Secret("sk-1"))
        )
        let answer = try await transport.send(outgoing).answer()
        #expect(answer.head?.status == 200)
        #expect(answer.hasEnd)
        let expected = """
            POST /v1/../v1/chat?api-version=2%20x&y= HTTP/1.1\r
            Host: 127.0.0.1:\(provider.port)\r
            User-Agent: sluice\r
            Content-Type: application/json\r
            X-Odd: a: b; c\r
            x-empty:\r
            X-Odd: again\r
            Authorization: Bearer sk-1\r
            Content-Length: 7\r
            \r
            {"a":1}
            """
        #expect(String(decoding: provider.requests[0].raw, as: UTF8.self) == expected)
    }

    @Test func `a secret of the query is sent, and so is each field that carries one`() async throws {
        let provider = try await LoopbackProvider.start()
        let transport = try CurlTransport()
        var outgoing = call(provider.url + "/v1/chat?a=1", secret: nil)
        outgoing.secretQuery = SecretQuery(name: "k ey", secret: Secret("s/1"))
        outgoing.secretHeaders = [
            SecretHeader(name: "X-One", prefix: "", secret: Secret("one")),
            SecretHeader(name: "X-Two", prefix: "Bearer ", secret: Secret("two")),
        ]
        _ = try await transport.send(outgoing).answer()
        let raw = String(decoding: provider.requests[0].raw, as: UTF8.self)
        #expect(raw.hasPrefix("POST /v1/chat?a=1&k%20ey=s%2F1 HTTP/1.1\r\n"))
        #expect(raw.contains("\r\nX-One: one\r\nX-Two: Bearer two\r\n"))
        // No error names it.
        outgoing.url = "http://127.0.0.1:1/v1"
        let failure = await #expect(throws: TransportError.self) { try await transport.send(outgoing).answer() }
        #expect(failure.map { "\($0)" }?.contains("s/1") == false)
        #expect(failure.map { "\($0)" }?.contains("s%2F1") == false)
    }

    @Test(arguments: [
        ("GET", ""), ("HEAD", ""), ("POST", "Content-Length: 0\r\n"), ("DELETE", "Content-Length: 0\r\n"),
    ])
    func `a request without a body has nothing to say about one`(method: String, length: String) async throws {
        let provider = try await LoopbackProvider.start { _, _ in .response(204, headers: []) }
        let transport = try CurlTransport(userAgent: "")
        let answer = try await transport.send(call(provider.url + "/x", method: method)).answer()
        #expect(
            answer
                == Answer(head: ResponseHead(status: 204, headers: [HeaderField("Content-Length", "0")]), hasEnd: true)
        )
        let expected = "\(method) /x HTTP/1.1\r\nHost: 127.0.0.1:\(provider.port)\r\n\(length)\r\n"
        #expect(String(decoding: provider.requests[0].raw, as: UTF8.self) == expected)
    }

    @Test(arguments: ["GET", "PUT", "PATCH", "DELETE"])
    func `any method may have a body`(method: String) async throws {
        let provider = try await LoopbackProvider.start()
        let transport = try CurlTransport()
        _ = try await transport.send(call(provider.url, method: method, body: "abc")).answer()
        #expect(provider.requests[0].method == method)
        #expect(provider.requests[0].text == "abc")
    }

    @Test func `a handle that served one call brings nothing of it to the next`() async throws {
        let provider = try await LoopbackProvider.start()
        let transport = try CurlTransport(userAgent: "")
        let secret = SecretHeader(name: "api-key", prefix: "", secret: Secret("k"))
        _ = try await transport.send(call(provider.url, method: "PATCH", body: "abc", secret: secret)).answer()
        _ = try await transport.send(call(provider.url, method: "HEAD")).answer()
        _ = try await transport.send(call(provider.url, method: "GET")).answer()
        _ = try await transport.send(call(provider.url, body: "d")).answer()
        let requests = provider.requests
        #expect(requests.map(\.method) == ["PATCH", "HEAD", "GET", "POST"])
        #expect(requests.map(\.text) == ["abc", "", "", "d"])
        #expect(requests[1].headers.map(\.name) == ["Host"])
        #expect(requests[2].headers.map(\.name) == ["Host"])
        #expect(requests[3].headers.map(\.name) == ["Host", "Content-Length"])
    }

    @Test func `a large body is sent without asking first`() async throws {
        let provider = try await LoopbackProvider.start()
        let transport = try CurlTransport()
        let body = String(repeating: "0123456789abcdef", count: 200_000)
        _ = try await transport.send(call(provider.url, body: body)).answer()
        #expect(provider.requests[0].text == body)
        #expect(provider.requests[0]["Expect"] == nil)
    }

    @Test func `the call's own User-Agent, Accept and Host are used`() async throws {
        let provider = try await LoopbackProvider.start()
        let transport = try CurlTransport()
        let headers = [HeaderField("user-agent", "u"), HeaderField("accept", "a"), HeaderField("host", "h")]
        _ = try await transport.send(call(provider.url, method: "GET", headers: headers)).answer()
        let request = provider.requests[0]
        #expect(request.headers.count == 3)
        #expect(request["User-Agent"] == "u" && request["Accept"] == "a" && request["Host"] == "h")
    }

    private static let text = #"{"id":"c","choices":[]}"#
    /// The same, by zlib.
    private static let gzip: [UInt8] = {
        let packed = Data(
            base64Encoded: "H4sIAAAAAAAC/6tWykxRslJKVtJRSs7Iz0xOLVayio6tBQCprETbFwAAAA=="
        )
        return Array(packed ?? Data())
    }()

    private static let bomb = """
        H4sIAAAAAAAC/+3BMQEAAADCoPVPbQhfoAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
        AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
        AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
        AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
        AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
        AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
        AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
        AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
        AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
        AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
        AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
        AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
        AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
        AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAPgMc6jinAAAQ
        AA==
        """

    @Test(arguments: [200, 500], [nil, 7, 1] as [Int?])
    func `an answer in a coding that nobody asked for is decoded`(status: Int, size: Int?) async throws {
        let head = Reply.head(
            status,
            [("Content-Encoding", "gzip"), ("Content-Length", String(Self.gzip.count))]
        )
        var steps: [Reply.Step] = [.send(head)]
        for start in stride(from: 0, to: Self.gzip.count, by: size ?? Self.gzip.count) {
            steps.append(.send(Array(Self.gzip[start..<min(start + (size ?? Self.gzip.count), Self.gzip.count)])))
        }
        let provider = try await LoopbackProvider.start { [steps] _, _ in Reply(steps) }
        let transport = try CurlTransport()
        let answer = try await transport.send(call(provider.url, body: "{}")).answer()
        #expect(answer.text == Self.text && answer.hasEnd)
        #expect(answer.head?.status == status)
        #expect(provider.requests[0]["Accept-Encoding"] == nil)
    }

    @Test func `a bomb is held to the answer's limit as it unfolds`() async throws {
        // A mebibyte of zeros.
        let bomb = try #require(Data(base64Encoded: Self.bomb, options: .ignoreUnknownCharacters))
        let headers = [("Content-Encoding", "gzip")]
        let provider = try await LoopbackProvider.start { _, _ in .response(headers: headers, body: Array(bomb)) }
        let transport = try CurlTransport()
        let failure = await transport.send(call(provider.url, limit: 100_000)).failure()
        #expect(failure?.kind == .answerTooLarge)
        #expect(try await transport.send(call(provider.url, limit: 1 << 20)).answer().pieces.joined().count == 1 << 20)
    }

    @Test(arguments: ["zebra", "gzip, zebra", "gzip"])
    func `an answer in a coding that is not known, or is none, can't be read`(coding: String) async throws {
        let provider = try await LoopbackProvider.start { _, _ in
            .response(headers: [("Content-Encoding", coding)], text: Self.text)
        }
        let failure = await (try CurlTransport()).send(call(provider.url)).failure()
        #expect(failure?.kind == .malformed && failure?.requestSent == true)
    }

    @Test func `the answer's bytes are untouched`() async throws {
        let body = (0..<1000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        let headers = [("Content-Encoding", "identity"), ("X-One", "1"), ("x-one", " 2 ")]
        let provider = try await LoopbackProvider.start { _, _ in .response(500, headers: headers, body: body) }
        let transport = try CurlTransport()
        let answer = try await transport.send(call(provider.url, body: "{}")).answer()
        #expect(Array(answer.pieces.joined()) == body)
        let fields = [
            HeaderField("Content-Encoding", "identity"), HeaderField("X-One", "1"), HeaderField("x-one", "2"),
            HeaderField("Content-Length", "1000"),
        ]
        #expect(answer.head == ResponseHead(status: 500, headers: fields))
    }

    @Test func `pieces are given out as they come`() async throws {
        let gate = Gate()
        let provider = try await LoopbackProvider.start { _, _ in .chatStream(["one", "two"], gates: [1: gate]) }
        let transport = try CurlTransport()
        var text = ""
        var isOpen = false
        for try await event in transport.send(call(provider.url, body: "{}")) {
            if case .chunk(let bytes) = event { text += String(decoding: bytes, as: UTF8.self) }
            guard text.contains("one"), !isOpen else { continue }
            #expect(!text.contains("two"))
            isOpen = true
            gate.open()
        }
        #expect(text.contains("two") && text.hasSuffix("data: [DONE]\n\n"))
    }

    @Test func `a redirect is an answer and is not followed`() async throws {
        let provider = try await LoopbackProvider.start { request, _ in
            request.path == "/" ? .response(302, headers: [("Location", "/elsewhere")]) : .chat(text: "no")
        }
        let transport = try CurlTransport()
        let answer = try await transport.send(call(provider.url, body: "{}")).answer()
        #expect(answer.head?.status == 302)
        #expect(answer.head?["location"] == "/elsewhere")
        #expect(provider.requests.count == 1)
    }

    @Test func `informational heads and trailers are passed over`() async throws {
        let bytes =
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
            + "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-A: 1\r\n\r\n2\r\nhi\r\n0\r\nX-Trailer: 1\r\n\r\n"
        let provider = try await LoopbackProvider.start { _, _ in Reply([.send(Array(bytes.utf8))]) }
        let transport = try CurlTransport()
        let answer = try await transport.send(call(provider.url, body: "{}")).answer()
        let fields = [HeaderField("Transfer-Encoding", "chunked"), HeaderField("X-A", "1")]
        #expect(
            answer == Answer(head: ResponseHead(status: 200, headers: fields), pieces: [Array("hi".utf8)], hasEnd: true)
        )
    }
}
