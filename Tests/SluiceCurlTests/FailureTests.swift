import LoopbackProvider
import SluiceCurl
import SluiceProvider
import SluiceTypes
import Testing

@Suite struct `How a call fails` {
    @Test func `nobody listens`() async throws {
        let error = await CurlTransport.failure(of: call("http://127.0.0.1:1/", body: "{}"))
        #expect(error?.kind == .connect)
        #expect(error?.requestSent == false)
    }

    @Test func `the other side speaks no TLS`() async throws {
        let provider = try await LoopbackProvider.start { _, _ in .garbage() }
        let url = "https://127.0.0.1:\(provider.port)/"
        // A TLS hello has an empty line in it sooner or later; whatever the provider makes of it is not TLS.
        let short = CallTimeouts(connect: .milliseconds(300))
        let error = await CurlTransport.failure(of: call(url, body: "{}", timeouts: short))
        #expect(error?.kind == .connect || error?.kind == .connectTimeout)
        #expect(error?.requestSent == false)
    }

    @Test(arguments: [
        (Reply.truncated(length: 100, text: "only this"), TransportError.Kind.malformed),
        (.truncatedChunks(["one", "two"]), .malformed),
        (.resetAfter(["one"]), .reset),
        (.garbage(), .malformed),
        (.garbage([0, 1, 2, 3]), .malformed),
        (Reply([.send(Array("HTTP/1.1 99999 x\r\n\r\n".utf8)), .close]), .malformed),
        (
            Reply([.send(Array("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\nhello".utf8)), .close]),
            .malformed
        ),
        (
            Reply([.send(Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n".utf8)), .stall]),
            .malformed
        ),
        (Reply([.send(Reply.head(200, [("X", String(repeating: "x", count: 70_000))])), .stall]), .malformed),
        (Reply([.send(Array("HTTP/1.1 200 OK\r\nX: ".utf8)), .sendForever(manyBytes)]), .malformed),
        (Reply([.sendForever(Array("HTTP/1.1 102 Processing\r\nX: y\r\n\r\n".utf8))]), .malformed),
        (.close, .reset),
        (Reply([.send(Array("HTTP/1.1 200 OK\r\nContent-".utf8)), .close]), .reset),
        (Reply([.send(Array("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX: y\r\n".utf8)), .close]), .reset),
        (.reset, .reset),
        (.endless(), .answerTooLarge),
        (Reply([.send(Reply.head(200, [("Content-Length", "10737418240")])), .stall]), .answerTooLarge),
    ])
    func `the answer is no whole answer`(reply: Reply, kind: TransportError.Kind) async throws {
        let provider = try await LoopbackProvider.start { _, _ in reply }
        let error = await CurlTransport.failure(of: call(provider.url, body: "{}"))
        #expect(error?.kind == kind, "\(String(describing: error))")
        #expect(error?.requestSent == true)
        await provider.closed(connection: 0)
        #expect(provider.requests.count == 1)
    }

    @Test(arguments: [99, 100]) func `an answer may have as many bytes as the limit says`(limit: Int) async throws {
        let text = String(repeating: "x", count: 100)
        let provider = try await LoopbackProvider.start { _, _ in .response(text: text) }
        let error = await CurlTransport.failure(of: call(provider.url, body: "{}", limit: limit))
        #expect(error?.kind == (limit == 100 ? nil : .answerTooLarge))
    }

    @Test func `an answer that ends with its connection is whole`() async throws {
        let bytes = Array("HTTP/1.1 200 OK\r\n\r\nall".utf8)
        let provider = try await LoopbackProvider.start { _, _ in Reply([.send(bytes), .close]) }
        let transport = try CurlTransport()
        let answer = try await transport.send(call(provider.url, body: "{}")).answer()
        #expect(answer.text == "all" && answer.hasEnd)
    }

    @Test func `what came before the failure is given out`() async throws {
        let provider = try await LoopbackProvider.start { _, _ in .truncatedChunks(["one", "two"]) }
        let transport = try CurlTransport()
        var text = ""
        let error = await #expect(throws: TransportError.self) {
            for try await event in transport.send(call(provider.url, body: "{}")) {
                if case .chunk(let bytes) = event { text += String(decoding: bytes, as: UTF8.self) }
            }
        }
        #expect(error?.kind == .malformed)
        #expect(text == "onetwo")
    }

    @Test func `an early answer to a request that is still being sent is an answer`() async throws {
        // The provider never reads the body to its end: it answers from the first piece on.
        let provider = try await LoopbackProvider.start(reads: true) { _, _ in .openAIError(413) }
        let transport = try CurlTransport()
        let answer = try await transport.send(call(provider.url, body: String(repeating: "x", count: 500_000))).answer()
        #expect(answer.head?.status == 413)
    }

    @Test func `no error tells the secret, a header's value, the query or the body`() async throws {
        let secret = SecretHeader(name: "Authorization", prefix: "Bearer ", secret: Secret("canary-secret"))
        let headers = [HeaderField("X-A", "canary-value")]
        let provider = try await LoopbackProvider.start { _, number in .garbage(Array("canary-answer\r\n\r\n".utf8)) }
        for base in [provider.url, "http://127.0.0.1:1", "https://user:canary-word@localhost", "http://far.test"] {
            let outgoing = call(base + "/?key=canary-query", headers: headers, body: "canary-body", secret: secret)
            let error = await CurlTransport.failure(of: outgoing)
            #expect(error != nil)
            #expect(!String(reflecting: error).contains("canary"))
        }
    }
}

/// Enough at once that a stream of them is quick.
private let manyBytes = [UInt8](repeating: 0x78, count: 4096)

extension CurlTransport {
    /// How a call on a transport of its own fails.
    static func failure(of call: OutgoingCall) async -> TransportError? {
        await (try? CurlTransport())?.send(call).failure()
    }
}
