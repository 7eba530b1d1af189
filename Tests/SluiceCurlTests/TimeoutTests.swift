import Dispatch
import LoopbackProvider
import SluiceProvider
import Testing

@testable import SluiceCurl

/// In each of these the time limit is the event that is waited for; all others are far away.
@Suite struct `A part of a call that takes too long` {
    @Test func `is the TLS handshake`() async throws {
        let provider = try await LoopbackProvider.start(reads: false)
        var timeouts = patient
        timeouts.connect = .milliseconds(30)
        let url = "https://127.0.0.1:\(provider.port)/"
        let error = await CurlTransport.failure(of: call(url, body: "{}", timeouts: timeouts))
        #expect(error?.kind == .connectTimeout)
        #expect(error?.requestSent == false)
        await provider.connections(atLeast: 1)
    }

    @Test func `is the look-up`() async throws {
        let release = DispatchSemaphore(value: 0)
        defer { release.signal() }
        let transport = try CurlTransport { _ in
            release.wait()
            return [loopbackAddress]
        }
        var timeouts = patient
        timeouts.connect = .milliseconds(30)
        let error = await transport.send(call("https://slow.test/", body: "{}", timeouts: timeouts)).failure()
        #expect(error?.kind == .connectTimeout)
        #expect(error?.requestSent == false)
    }

    @Test func `is the wait for the first byte`() async throws {
        let provider = try await LoopbackProvider.start { _, _ in .silence }
        var timeouts = patient
        timeouts.firstByte = .milliseconds(30)
        let error = await CurlTransport.failure(of: call(provider.url, body: "{}", timeouts: timeouts))
        #expect(error?.kind == .firstByteTimeout)
        #expect(error?.requestSent == true)
        await provider.closed(connection: 0)
    }

    @Test func `is the sending, when the provider does not read`() async throws {
        let provider = try await LoopbackProvider.start(reads: false)
        var timeouts = patient
        timeouts.firstByte = .milliseconds(50)
        let body = String(repeating: "x", count: 16 << 20)
        let error = await CurlTransport.failure(of: call(provider.url, body: body, timeouts: timeouts))
        #expect(error?.kind == .firstByteTimeout)
        #expect(error?.requestSent == true)
    }

    @Test(arguments: [[], ["one"]]) func `is the wait for the next piece`(pieces: [String]) async throws {
        let provider = try await LoopbackProvider.start { _, _ in .stallAfterHead(pieces) }
        var timeouts = patient
        timeouts.idle = .milliseconds(30)
        let error = await CurlTransport.failure(of: call(provider.url, body: "{}", timeouts: timeouts))
        #expect(error?.kind == .idleTimeout)
        #expect(error?.requestSent == true)
        await provider.closed(connection: 0)
    }

    @Test(arguments: [Reply.silence, .stallAfterHead(), .endless("x")])
    func `is the whole call`(reply: Reply) async throws {
        let provider = try await LoopbackProvider.start { _, _ in reply }
        var timeouts = patient
        timeouts.total = .milliseconds(60)
        let outgoing = call(provider.url, body: "{}", timeouts: timeouts, limit: .max)
        let error = await CurlTransport.failure(of: outgoing)
        #expect(error?.kind == .totalTimeout)
        await provider.closed(connection: 0)
    }

    @Test func `is told by the clock, which counts each part by itself`() {
        var clock = CallClock(
            CallTimeouts(
                connect: .nanoseconds(10),
                firstByte: .nanoseconds(20),
                idle: .nanoseconds(5),
                total: .nanoseconds(60)
            ),
            now: 100
        )
        #expect(clock.deadline == 110)
        #expect(clock.overdue(now: 109) == nil)
        #expect(clock.overdue(now: 110) == .connectTimeout)
        clock.requestMoved(now: 108)
        #expect(clock.overdue(now: 128) == .firstByteTimeout)
        clock.requestMoved(now: 120)
        #expect(clock.deadline == 140)
        clock.answerMoved(now: 135)
        clock.requestMoved(now: 138)
        #expect(clock.overdue(now: 140) == .idleTimeout)
        clock.answerMoved(now: 158)
        #expect(clock.deadline == 160)
        #expect(clock.overdue(now: 170) == .totalTimeout)
    }

    @Test func `may be as long or as short as a Duration can say`() {
        #expect(Monotonic.nanoseconds(.seconds(-1)) == 0)
        #expect(Monotonic.nanoseconds(.nanoseconds(1_500_000_001)) == 1_500_000_001)
        let longest = Monotonic.nanoseconds(.seconds(Int64.max))
        #expect(Monotonic.now() + longest + longest > longest)
    }

    @Test func `is found by the earliest deadline first`() {
        var queue = DeadlineQueue()
        var generator = SystemRandomNumberGenerator()
        let deadlines = (0..<500).map { _ in UInt64.random(in: 0..<100, using: &generator) }
        for (call, deadline) in deadlines.enumerated() {
            queue.push(DeadlineQueue.Entry(deadline: deadline, call: UInt64(call)))
        }
        var popped: [UInt64] = []
        for now in stride(from: UInt64(0), through: 100, by: 10) {
            while let entry = queue.pop(now: now) {
                #expect(entry.deadline <= now && entry.deadline + 10 > now)
                #expect(deadlines[Int(entry.call)] == entry.deadline)
                popped.append(entry.deadline)
            }
        }
        #expect(popped == deadlines.sorted())
        #expect(queue.first == nil)
    }
}
