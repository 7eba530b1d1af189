import Dispatch
import LoopbackProvider
import SluiceProvider
import Testing

@testable import SluiceCurl

@Suite struct `Looking up a host` {
    @Test func `happens once for all who wait, and then not for a while`() async throws {
        let provider = try await LoopbackProvider.start()
        let lookups = Counter()
        let release = DispatchSemaphore(value: 0)
        let transport = try CurlTransport { _ in
            lookups.increment()
            release.wait()
            return [loopbackAddress]
        }
        let outgoing = call("http://model.test:\(provider.port)/", body: "{}", policy: open)
        let waiting = (0..<20).map { _ in transport.send(outgoing) }
        // The loop takes calls in order: when this one is answered, all those before it wait.
        _ = try await transport.send(call(provider.url, body: "{}", policy: open)).answer()
        release.signal()
        for stream in waiting {
            #expect(try await stream.answer().head?.status == 200)
        }
        _ = try await transport.send(outgoing).answer()
        #expect(lookups.value == 1)
    }

    @Test func `holds up nobody else`() async throws {
        let provider = try await LoopbackProvider.start()
        let release = DispatchSemaphore(value: 0)
        let transport = try CurlTransport { host in
            if host == "slow.test" { release.wait() }
            return [loopbackAddress]
        }
        let slow = transport.send(call("http://slow.test:\(provider.port)/", body: "slow", policy: open))
        _ = try await transport.send(call("http://fast.test:\(provider.port)/", body: "fast", policy: open)).answer()
        #expect(provider.requests.map(\.text) == ["fast"])
        release.signal()
        _ = try await slow.answer()
        #expect(provider.requests.map(\.text) == ["fast", "slow"])
    }

    @Test func `that fails is an error, and the next call asks again`() async throws {
        let lookups = Counter()
        let transport = try CurlTransport { _ throws(LookupFailure) in
            lookups.increment()
            throw LookupFailure("no such host")
        }
        for _ in 0..<2 {
            let error = await transport.send(call("https://nowhere.test/", body: "{}")).failure()
            #expect(error?.kind == .resolve)
            #expect(error?.requestSent == false)
            #expect(error?.message.contains("no such host") == true)
        }
        #expect(lookups.value == 2)
    }

    @Test func `can be given up`() async throws {
        let provider = try await LoopbackProvider.start()
        let release = DispatchSemaphore(value: 0)
        let transport = try CurlTransport { _ in
            release.wait()
            return [loopbackAddress]
        }
        let outgoing = call("http://model.test:\(provider.port)/", body: "given up", policy: open)
        _ = transport.send(outgoing)
        _ = try await transport.send(call(provider.url, body: "in between", policy: open)).answer()
        release.signal()
        _ = try await transport.send(call("http://model.test:\(provider.port)/", body: "after", policy: open)).answer()
        #expect(provider.requests.map(\.text) == ["in between", "after"])
    }

    @Test func `by the system knows this machine`() throws {
        let addresses = try systemLookup("localhost")
        #expect(!addresses.isEmpty)
        #expect(addresses.allSatisfy { AddressClass($0) == .loopback })
        #expect(Set(addresses).count == addresses.count)
    }

    @Test func `is remembered for a minute`() {
        var cache = HostCache()
        let minute = HostCache.lifetime
        #expect(cache.ask("a", for: 1, now: 0) == .lookUp)
        #expect(cache.ask("a", for: 2, now: 1) == .wait)
        #expect(cache.ask("b", for: 3, now: 1) == .lookUp)
        #expect(cache.answered("a", .success([loopbackAddress]), now: 10) == [1, 2])
        #expect(cache.answered("a", .success([]), now: 11) == [])
        #expect(cache.ask("a", for: 4, now: 9 + minute) == .use([loopbackAddress]))
        #expect(cache.ask("a", for: 5, now: 10 + minute) == .lookUp)
        #expect(cache.ask("b", for: 6, now: 11 + minute) == .wait)
        #expect(cache.answered("b", .failure(LookupFailure("no")), now: 12) == [3, 6])
        #expect(cache.ask("b", for: 7, now: 13) == .lookUp)
    }
}
