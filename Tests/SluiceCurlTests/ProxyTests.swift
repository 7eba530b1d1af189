import LoopbackProvider
import SluiceProvider
import SluiceTypes
import Testing

@testable import SluiceCurl

/// Calls through a proxy, which the test plays.
@Suite struct `A call through a proxy` {
    private static func proxied(
        _ url: String,
        _ proxy: OutboundProxy,
        policy: EndpointPolicy = EndpointPolicy()
    ) -> OutgoingCall {
        var outgoing = call(
            url,
            headers: [HeaderField("X-Own", "1")],
            body: "{}",
            secret: SecretHeader(name: "Authorization", prefix: "Bearer ", secret: Secret("sk-of-the-provider")),
            policy: policy,
            timeouts: patient
        )
        outgoing.proxy = proxy
        return outgoing
    }

    @Test func `asks for a tunnel to the name, shows the proxy's credential and nothing of the call's`() async throws {
        let provider = try await LoopbackProvider.start { _, _ in
            Reply([.send(Array("HTTP/1.1 200 Connection established\r\n\r\n".utf8)), .close])
        }
        let lookups = Counter()
        let transport = try CurlTransport { _ in
            lookups.increment()
            return [loopbackAddress]
        }
        let proxy = OutboundProxy(url: "http://127.0.0.1:\(provider.port)", secret: Secret("anna:pass:word"))
        let error = await transport.send(Self.proxied("https://api.example.test/v1", proxy)).failure()
        #expect(error?.kind == .connect && error?.requestSent == false)
        let request = try #require(provider.requests.first)
        #expect(request.method == "CONNECT" && request.path == "api.example.test:443")
        #expect(request["Proxy-Authorization"] == "Basic YW5uYTpwYXNzOndvcmQ=")
        #expect(request["Authorization"] == nil && request["X-Own"] == nil)
        // The proxy finds the name, not we.
        #expect(lookups.value == 0)
    }

    @Test(arguments: [407, 403, 502]) func `that the proxy refuses was not sent, and says so`(status: Int) async throws
    {
        let provider = try await LoopbackProvider.start { _, _ in .response(status, text: "no") }
        let proxy = OutboundProxy(url: "http://127.0.0.1:\(provider.port)")
        let transport = try CurlTransport()
        let error = await transport.send(Self.proxied("https://api.example.test/v1", proxy)).failure()
        #expect(error?.kind == .connect && error?.requestSent == false)
        #expect(error?.message.contains("through the proxy 127.0.0.1:\(provider.port)") == true)
        #expect(error?.message.contains("\(status)") == true, "\(error?.message ?? "")")
        #expect(provider.requests.count == 1)
    }

    @Test(arguments: [
        ("http://api.example.test/", TransportError.Kind.refused), ("https://10.0.0.1/", .forbiddenAddress),
        ("https://127.0.0.1/", .forbiddenAddress), ("https://localhost/", .forbiddenAddress),
        ("https://x.localhost/", .forbiddenAddress), ("https://169.254.169.254/", .forbiddenAddress),
        ("https://metadata.google.internal/", .forbiddenAddress), ("https://[fd00::1]/", .forbiddenAddress),
    ])
    func `to what is none of the Internet's is not even asked for`(url: String, kind: TransportError.Kind) async throws
    {
        let provider = try await LoopbackProvider.start { _, _ in .close }
        let proxy = OutboundProxy(url: "http://127.0.0.1:\(provider.port)", allowPrivate: true)
        let policy = EndpointPolicy(allowPlainHTTP: true)
        let error = await (try CurlTransport()).send(Self.proxied(url, proxy, policy: policy)).failure()
        #expect(error?.kind == kind)
        #expect(provider.requests.isEmpty)
    }

    @Test(arguments: [true, false])
    func `whose proxy is private goes there only where that is allowed`(isAllowed: Bool) async throws {
        let provider = try await LoopbackProvider.start { _, _ in .response(403, text: "no") }
        let transport = try CurlTransport { _ in [loopbackAddress] }
        let proxy = OutboundProxy(url: "http://proxy.test:\(provider.port)", allowPrivate: isAllowed)
        let error = await transport.send(Self.proxied("https://api.example.test/", proxy)).failure()
        #expect(error?.kind == (isAllowed ? .connect : .forbiddenAddress))
        #expect(provider.requests.count == (isAllowed ? 1 : 0))
    }

    @Test func `shares no connection with one of another proxy credential or of none`() async throws {
        let provider = try await LoopbackProvider.start { request, _ in
            request.method == "CONNECT" ? .response(407, text: "no") : .response(text: "direct")
        }
        let transport = try CurlTransport()
        for secret in [Secret("a:b"), Secret("c:d")] {
            let proxy = OutboundProxy(url: "http://127.0.0.1:\(provider.port)", secret: secret)
            _ = await transport.send(Self.proxied("https://api.example.test/", proxy)).failure()
        }
        let answer = try await transport.send(call(provider.url, body: "{}")).answer()
        #expect(answer.text == "direct")
        #expect(provider.requests.map(\.method) == ["CONNECT", "CONNECT", "POST"])
        #expect(Set(provider.requests.map(\.connection)).count == 3)
        #expect(provider.requests[0]["Proxy-Authorization"] != provider.requests[1]["Proxy-Authorization"])
        #expect(provider.requests[2]["Proxy-Authorization"] == nil)
    }
}
