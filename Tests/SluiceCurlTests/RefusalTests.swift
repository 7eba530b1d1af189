import LoopbackProvider
import SluiceCurl
import SluiceProvider
import SluiceTypes
import Testing

@Suite struct `A call that must not be tried` {
    @Test(arguments: [
        HeaderField("X-A", "a\r\nX-B: b"), HeaderField("X-A", "a\nb"), HeaderField("X-A", "a\rb"),
        HeaderField("X-A", "a\u{0}b"), HeaderField("X-A: b\r\nX", "c"), HeaderField("", "c"), HeaderField("X A", "c"),
        HeaderField("X:", "c"), HeaderField("Content-Length", "3"), HeaderField("transfer-encoding", "chunked"),
        HeaderField("Connection", "close"), HeaderField("EXPECT", "100-continue"), HeaderField("Ä", "c"),
    ])
    func `has a header field that can't be sent`(field: HeaderField) async throws {
        try await expectRefusal { call($0, headers: [field], body: "{}") }
    }

    @Test(arguments: [
        SecretHeader(name: "X-A", prefix: "", secret: Secret("a\r\nb")),
        SecretHeader(name: "X-A", prefix: "b\n", secret: Secret("a")),
        SecretHeader(name: "X-A\r", prefix: "", secret: Secret("a")),
        SecretHeader(name: "x-given", prefix: "", secret: Secret("a")),
    ])
    func `has a secret that can't be sent`(secret: SecretHeader) async throws {
        try await expectRefusal { call($0, headers: [HeaderField("X-Given", "1")], body: "{}", secret: secret) }
    }

    @Test(arguments: ["/a b", "/a\r\nX: y", "/a\u{0}", "/ä"])
    func `has a URL with bytes no URL has`(path: String) async throws {
        try await expectRefusal { call($0 + path, body: "{}") }
    }

    @Test(arguments: ["post", "", "PO ST", "CONNECT", "TRACE", "GET /x HTTP/1.1\r\n"])
    func `has a method nobody uses`(method: String) async throws {
        try await expectRefusal { call($0, method: method) }
    }

    @Test func `is a HEAD with a body`() async throws {
        try await expectRefusal { call($0, method: "HEAD", body: "x") }
    }

    @Test(arguments: [
        "", "127.0.0.1", "/v1", "ftp://127.0.0.1/", "file:///etc/passwd", "https://", "https://u:p@127.0.0.1/",
        "https://u@127.0.0.1/", "https://127.0.0.1:0x50/", "https://127.0.0.1:99999/", "https://a.test./",
        "https://a%0ab.test/", "gopher://127.0.0.1/",
    ])
    func `has a URL that leads nowhere`(url: String) async throws {
        let error = await CurlTransport.failure(of: call(url, body: "{}"))
        #expect(error?.kind == .refused)
        #expect(error?.requestSent == false)
    }

    @Test(arguments: [
        "http://93.184.216.34/", "http://a.test/", "http://10.0.0.1/", "http://localhost.a.test/",
        "http://127.0.0.1.a.test/", "http://[::2]/", "http://0.0.0.0/", "HTTP://A.test/",
    ])
    func `is http to another machine`(url: String) async throws {
        let lookups = Counter()
        let transport = try CurlTransport { _ in
            lookups.increment()
            return [loopbackAddress]
        }
        let error = await transport.send(call(url, body: "{}")).failure()
        #expect(error?.kind == .refused)
        #expect(lookups.value == 0)
    }

    /// Without what is wrong with it the same call is answered; with it, the provider hears nothing.
    private func expectRefusal(_ make: (String) -> OutgoingCall) async throws {
        let provider = try await LoopbackProvider.start()
        let transport = try CurlTransport()
        let error = await transport.send(make(provider.url)).failure()
        #expect(error?.kind == .refused)
        #expect(error?.requestSent == false)
        #expect(provider.connections == 0)
    }
}
