import Dispatch
import Foundation
import LoopbackProvider
import SluiceCurl
import SluiceProvider
import Testing

@Suite struct `Beginnings and ends` {
    @Test func `a cancelled reader closes the connection`() async throws {
        let provider = try await LoopbackProvider.start { _, number in number == 0 ? .silence : .chat(text: "hi") }
        let transport = try CurlTransport()
        let stream = transport.send(call(provider.url, body: "{}"))
        let reader = Task { try await stream.answer() }
        _ = await provider.requests(atLeast: 1)
        reader.cancel()
        await provider.closed(connection: 0)
        _ = try await transport.send(call(provider.url, body: "{}")).answer()
        #expect(provider.requests.map(\.connection) == [0, 1])
    }

    @Test func `a cancelled reader learns whether its request was sent`() async throws {
        let provider = try await LoopbackProvider.start { _, _ in .silence }
        let release = DispatchSemaphore(value: 0)
        defer { release.signal() }
        let looking = AsyncStream.makeStream(of: Void.self)
        let transport = try CurlTransport { _ in
            looking.continuation.yield()
            release.wait()
            return [loopbackAddress]
        }
        let sent = Task { await transport.send(call(provider.url, body: "{}")).failure() }
        _ = await provider.requests(atLeast: 1)
        sent.cancel()
        #expect(await sent.value.map { $0.kind == .cancelled && $0.requestSent } == true)
        let waiting = Task { await transport.send(call("https://slow.test/", body: "{}")).failure() }
        for await _ in looking.stream { break }
        waiting.cancel()
        #expect(await waiting.value.map { $0.kind == .cancelled && !$0.requestSent } == true)
    }

    @Test func `a reader that leaves in the middle closes the connection`() async throws {
        let provider = try await LoopbackProvider.start { _, _ in .stallAfterHead(["one"]) }
        let transport = try CurlTransport()
        try await read(transport.send(call(provider.url, body: "{}")))
        await provider.closed(connection: 0)

        func read(_ stream: TransportEvents) async throws {
            for try await event in stream {
                if case .chunk = event { return }
            }
        }
    }

    /// Reads up to the first piece of a body, and has all it wants.
    private func conclude(_ events: TransportEvents) async throws {
        for try await event in events {
            if case .chunk = event { break }
        }
        events.conclude()
        var rest: [TransportEvent] = []
        for try await event in events { rest.append(event) }
        // What had come by then is told as well.
        #expect(rest.last == .end)
    }

    @Test func `an answer whose reader has all it wants gives its connection back when it ends`() async throws {
        let gate = Gate()
        let provider = try await LoopbackProvider.start { _, number in
            number == 0 ? .chunked(["one", "two"], gates: [1: gate]) : .chat(text: "hi")
        }
        let transport = try CurlTransport()
        let events = transport.send(call(provider.url, body: "{}"))
        try await conclude(events)
        gate.open()
        // Until it has ended, others have connections of their own.
        while provider.requests.last?.connection != 0 || provider.requests.count == 1 {
            try #require(!provider.isClosed(connection: 0))
            _ = try await transport.send(call(provider.url, body: "{}")).answer()
        }
        withExtendedLifetime(events) {}
    }

    @Test(arguments: [Reply.stallAfterHead(["one"]), .endless()])
    func `an answer whose reader has all it wants is closed when it goes on`(reply: Reply) async throws {
        let provider = try await LoopbackProvider.start { _, _ in reply }
        let transport = try CurlTransport()
        let events = transport.send(call(provider.url, body: "{}", limit: .max))
        try await conclude(events)
        await provider.closed(connection: 0)
        withExtendedLifetime(events) {}
    }

    @Test func `an answer is concluded once, and not when it has ended`() async throws {
        let provider = try await LoopbackProvider.start()
        let transport = try CurlTransport()
        let events = transport.send(call(provider.url, body: "{}"))
        #expect(try await events.answer().hasEnd)
        events.conclude()
        _ = try await transport.send(call(provider.url, body: "{}")).answer()
        #expect(provider.requests.map(\.connection) == [0, 0])
    }

    @Test func `a stream nobody reads closes the connection when it is dropped`() async throws {
        let provider = try await LoopbackProvider.start { _, _ in .endless() }
        let transport = try CurlTransport()
        var stream: TransportEvents? = transport.send(call(provider.url, body: "{}", limit: .max))
        _ = await provider.requests(atLeast: 1)
        #expect(stream != nil)
        stream = nil
        await provider.closed(connection: 0)
    }

    @Test func `a running call keeps its transport`() async throws {
        let provider = try await LoopbackProvider.start()
        let stream = try CurlTransport().send(call(provider.url, body: "{}"))
        #expect(try await stream.answer().hasEnd)
    }

    @Test func `two thousand slow calls need no threads`() async throws {
        let count = 2000
        let gate = Gate()
        let provider = try await LoopbackProvider.start { _, _ in .hold(until: gate, then: .chat(text: "at last")) }
        let name = "curl-2000"
        let transport = try CurlTransport(threadName: name) { _ in [loopbackAddress] }
        let outgoing = call("http://model.test:\(provider.port)/", body: "{}", policy: open)
        let streams = (0..<count).map { _ in transport.send(outgoing) }
        let requests = await provider.requests(atLeast: count)
        #expect(Set(requests.map(\.connection)).count == count)
        // Threads have the name of the thread that started them unless they are given another: whatever libcurl
        // starts would be counted too.
        #expect(threads(named: name) == 1)
        #expect(threads(named: name + "-dns") <= 4)
        gate.open()
        for stream in streams {
            #expect(try await stream.answer().text.contains("at last"))
        }
    }

    @Test func `shutting down ends all calls and the thread`() async throws {
        let provider = try await LoopbackProvider.start { _, _ in .silence }
        let release = DispatchSemaphore(value: 0)
        defer { release.signal() }
        let name = "curl-end"
        let transport = try CurlTransport(threadName: name) { _ in
            release.wait()
            return [loopbackAddress]
        }
        let sent = transport.send(call(provider.url, body: "{}"))
        let waiting = transport.send(call("https://slow.test/", body: "{}"))
        _ = await provider.requests(atLeast: 1)
        await transport.shutDown()
        let sentError = await sent.failure()
        #expect(sentError?.kind == .cancelled && sentError?.requestSent == true)
        let waitingError = await waiting.failure()
        #expect(waitingError?.kind == .cancelled && waitingError?.requestSent == false)
        await provider.closed(connection: 0)
        let later = await transport.send(call(provider.url, body: "{}")).failure()
        #expect(later?.kind == .cancelled && later?.requestSent == false)
        await transport.shutDown()
        while threads(named: name) > 0 { await Task.yield() }
    }

    @Test func `a transport nobody has any more ends its thread`() async throws {
        let name = "curl-gone"
        var transport: CurlTransport? = try CurlTransport(threadName: name)
        #expect(transport != nil)
        transport = nil
        while threads(named: name) > 0 { await Task.yield() }
    }

    /// How many threads of this process have that name.
    private func threads(named name: String) -> Int {
        let tasks = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")) ?? []
        return tasks.count { task in
            (try? String(contentsOfFile: "/proc/self/task/\(task)/comm", encoding: .utf8)) == name + "\n"
        }
    }
}
