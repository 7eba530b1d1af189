import LoopbackProvider
import SluiceProvider
import Testing

@testable import SluiceCurl

@Suite struct `A request is sent at most once` {
    @Test func `a connection is used again`() async throws {
        let provider = try await LoopbackProvider.start()
        let transport = try CurlTransport()
        for _ in 0..<3 {
            _ = try await transport.send(call(provider.url, body: "{}")).answer()
        }
        #expect(provider.requests.map(\.connection) == [0, 0, 0])
    }

    /// A body that leaves with its head, and one that libcurl asks for.
    private static let bodies = ["second", String(repeating: "second", count: 20_000)]

    /// Left to itself libcurl sends the second request again, on a new connection, and reports success.
    @Test(
        arguments: [Reply.close, Reply.reset],
        ["POST", "PUT", "GET", "DELETE"].flatMap { method in
            (method.hasPrefix("P") ? bodies : [""]).map { (method: method, body: $0) }
        }
    )
    func `a kept connection that dies after the request is an error`(
        _ death: Reply,
        _ asked: (method: String, body: String)
    ) async throws {
        let provider = try await LoopbackProvider.start { _, number in number == 1 ? death : .chat(text: "hi") }
        let transport = try CurlTransport()
        _ = try await transport.send(call(provider.url, body: "first")).answer()
        let error = await transport.send(call(provider.url, method: asked.method, body: asked.body)).failure()
        #expect(error?.kind == .reset)
        #expect(error?.requestSent == true)
        // The transport still works; nothing came in between.
        _ = try await transport.send(call(provider.url, body: "third")).answer()
        #expect(provider.requests.map(\.text) == ["first", asked.body, "third"])
    }

    @Test func `a refused resend opens no second connection`() async throws {
        let provider = try await LoopbackProvider.start { _, number in number == 1 ? .close : .chat(text: "hi") }
        let transport = try CurlTransport()
        _ = try await transport.send(call(provider.url, body: "first")).answer()
        _ = await transport.send(call(provider.url, body: "second")).failure()
        #expect(provider.connections == 1)
    }

    @Test(arguments: [""] + bodies) func `another kept connection is no way round it`(body: String) async throws {
        let gate = Gate()
        let provider = try await LoopbackProvider.start { _, number in
            number < 2 ? .hold(until: gate, then: .chat(text: "hi")) : number == 2 ? .close : .chat(text: "again")
        }
        let transport = try CurlTransport()
        let streams = (0..<2).map { _ in transport.send(call(provider.url, body: "first")) }
        _ = await provider.requests(atLeast: 2)
        gate.open()
        for stream in streams { _ = try await stream.answer() }
        let error = await transport.send(call(provider.url, body: body)).failure()
        #expect(error?.kind == .reset)
        #expect(error?.requestSent == true)
        #expect(provider.requests.count == 3)
        #expect(provider.connections == 2)
    }

    @Test func `seeking in a body is refused`() {
        #expect(refuseToSeek(nil, 0, 0) == 1)  // CURL_SEEKFUNC_FAIL
    }

    @Test func `a POST without a body is not repeated either`() async throws {
        let provider = try await LoopbackProvider.start { _, number in number == 1 ? .close : .chat(text: "hi") }
        let transport = try CurlTransport()
        _ = try await transport.send(call(provider.url)).answer()
        let error = await transport.send(call(provider.url)).failure()
        #expect(error?.kind == .reset)
        #expect(error?.requestSent == true)
        #expect(provider.requests.count == 2)
    }

    @Test func `a fresh connection that dies is an error`() async throws {
        let provider = try await LoopbackProvider.start { _, _ in .close }
        let transport = try CurlTransport()
        let error = await transport.send(call(provider.url, body: "{}")).failure()
        #expect(error?.kind == .reset)
        #expect(error?.requestSent == true)
        #expect(provider.requests.count == 1)
    }

    @Test func `a connection that the provider closed while nobody used it is not used`() async throws {
        let provider = try await LoopbackProvider.start { _, number in
            let answer = Reply.chat(text: "hi")
            return number == 0 ? Reply(answer.steps + [.close]) : answer
        }
        let transport = try CurlTransport()
        _ = try await transport.send(call(provider.url, body: "{}")).answer()
        await provider.closed(connection: 0)
        _ = try await transport.send(call(provider.url, body: "{}")).answer()
        #expect(provider.requests.map(\.connection) == [0, 1])
    }

    @Test func `policies that differ share no connection`() async throws {
        let provider = try await LoopbackProvider.start()
        let transport = try CurlTransport()
        for policy in [EndpointPolicy(), open, EndpointPolicy(), EndpointPolicy(allowPrivate: true), open] {
            _ = try await transport.send(call(provider.url, body: "{}", policy: policy)).answer()
        }
        #expect(provider.requests.map(\.connection) == [0, 1, 0, 2, 1])
    }
}
