import SluiceEngine
import SluiceProvider
import SluiceRig
import SluiceStore
import SluiceTesting
import SluiceTypes
import Testing

@testable import SluiceHTTP

/// What becomes of those who read more slowly than a stream goes on.
@Suite("A slow reader", .timeLimit(.minutes(2)))
struct SlowReaderTests {
    /// More of them than the system's buffers hold.
    private static let count = 40
    /// So many that they are still an answer within its limit.
    private static let countOfCall = 28
    private static let piece = String(repeating: "x", count: 256 << 10)

    @Test("that its log runs away from is cut, and a second reader of the same job gets everything")
    func fallsBehind() async throws {
        let limits = StreamLimits(stallTime: .seconds(86_400), bytesBehind: 512 << 10)
        try await Gateway.held(streams: limits).with { rig, client in
            let id = try await rig.submit(stream: false)
            try await rig.transport.waitForCalls(1)
            let deaf = try await Listener(port: client.port, client.eventsRequest(id), isDeaf: true)
            let other = try await Listener(port: client.port, client.eventsRequest(id), isDeaf: false)
            rig.transport.release(1)
            for number in 1...Self.count {
                rig.transport.play(1, .chunk(Self.piece))
                // It keeps up; only the deaf one falls behind.
                try await other.hear(number * Self.piece.utf8.count)
            }
            while !rig.log.has("a reader was cut job=\(id) reason=fallsBehind") {
                try Task.checkCancellation()
                await Task.yield()
            }
            rig.transport.play(1, .end)
            while !other.tail.hasSuffix("0\r\n\r\n") {
                try Task.checkCancellation()
                await Task.yield()
            }
            #expect(other.tail.contains("event: end"))
            try await deaf.hearToEnd()
            #expect((1..<other.count).contains(deaf.count))
            #expect(!deaf.tail.contains("event: end"))
            try await other.close()
        }
    }

    @Test("that takes nothing at all is cut after its time, and the answer stays")
    func stalls() async throws {
        let rig = Gateway.held { _ in
            ReplayScript([.head(200)] + (1...Self.count).map { _ in .chunk(Self.piece) } + [.end])
        }
        try await rig.with { rig, client in
            let id = try await rig.submit(stream: false)
            let job = try #require(JobID(id))
            _ = try await rig.engine.wait(for: job, owner: nil, atMost: .seconds(1_000_000))
            let deaf = try await Listener(port: client.port, client.eventsRequest(id), isDeaf: true)
            let start = rig.clock.now.sinceStart
            while !rig.log.has("a reader was cut job=\(id) reason=stalls") {
                try Task.checkCancellation()
                // The dispatcher, the sweeper, and whoever watches the reader.
                if rig.clock.sleepers == 3 { rig.clock.advance(by: .seconds(1)) }
                await Task.yield()
            }
            #expect(rig.clock.now.sinceStart - start >= .seconds(30))
            try await deaf.hearToEnd()
            #expect((1..<Self.count * Self.piece.utf8.count).contains(deaf.count))
            #expect(!deaf.tail.contains("event: end"))
            let again = try await Listener(port: client.port, client.eventsRequest(id), isDeaf: false)
            while !again.tail.hasSuffix("0\r\n\r\n") {
                try Task.checkCancellation()
                await Task.yield()
            }
            #expect(again.tail.contains("event: end"))
            try await again.close()
        }
    }

    @Test(
        "of a call is told so, with the job, which goes on; the provider is not held up, and the answer has no orderly end",
        arguments: Wire.all,
        [true, false]
    )
    func ofCall(wire: Wire, isTold: Bool) async throws {
        let large = wire.content[0].text.replacing(#"h\u0069"#, with: Self.piece)
        let limits = StreamLimits(
            stallTime: .seconds(isTold ? 86_400 : 30),
            bytesBehind: isTold ? 2 << 20 : 1 << 40,
            keepAlive: nil,
            earlyHeads: nil
        )
        try await wire.gateway(limits) { _ in ReplayScript([.head(200), .hold]) }.with { rig, client in
            let request = wire.request(client, wire.stream, "Connection: close\r\n")
            let deaf = try await Listener(port: client.port, request, isDeaf: true)
            try await rig.transport.waitForCalls(1)
            let owner = try await rig.store.owners().first?.id
            // It is committed beside its request.
            while try await rig.store.jobs(JobQuery(owner: nil, limit: 1)).first == nil { try Task.checkCancellation() }
            let id = try #require(try await rig.store.jobs(JobQuery(owner: nil, limit: 1)).first?.id)
            let other = try await Listener(port: client.port, client.eventsRequest(id.description), isDeaf: false)
            rig.transport.release(1)
            for number in 1...Self.countOfCall {
                rig.transport.play(1, .chunk(large))
                try await other.hear(number * Self.piece.utf8.count)
            }
            let reason = isTold ? "fallsBehind" : "stalls"
            while !rig.log.has("reason=\(reason)") {
                try Task.checkCancellation()
                if !isTold, rig.clock.sleepers >= 3 { rig.clock.advance(by: .seconds(1)) }
                await Task.yield()
            }
            for event in wire.finish { rig.transport.play(1, event.step) }
            rig.transport.play(1, .end)
            let job = try await rig.engine.wait(for: id, owner: owner, atMost: .seconds(1_000_000))
            #expect(job?.state == .succeeded && rig.transport.cancelled.isEmpty)
            try await other.close()
            try await deaf.hearToEnd()
            #expect(!deaf.tail.contains(wire.finish[0].data) && !deaf.tail.hasSuffix(Wire.lastChunk))
            if wire.surface == .openAI { #expect(deaf.tail.contains("\"code\":\"slow_reader\"") == isTold) }
            #expect(deaf.tail.contains("/v1/prompts/\(id)/events") == isTold)
        }
    }

    @Test("is one that takes nothing for the whole time, not one that takes little")
    func watch() {
        var watch = ReaderWatch(StreamLimits(stallTime: .seconds(30), bytesBehind: 100))
        #expect(watch.look(behind: 0, waiting: 1000, at: .seconds(0)) == .keepsUp)
        #expect(watch.look(behind: 0, waiting: 1000, at: .seconds(29)) == .keepsUp)
        #expect(watch.look(behind: 0, waiting: 999, at: .seconds(30)) == .keepsUp)
        #expect(watch.look(behind: 0, waiting: 999, at: .seconds(59)) == .keepsUp)
        #expect(watch.look(behind: 0, waiting: 999, at: .seconds(60)) == .stalls)
    }

    @Test("is one that falls behind, not one that began late and catches up")
    func behind() {
        var watch = ReaderWatch(StreamLimits(stallTime: .seconds(30), bytesBehind: 100))
        for (behind, verdict) in [
            (5000, ReaderWatch.Verdict.keepsUp), (5100, .keepsUp), (3000, .keepsUp), (3100, .keepsUp),
            (3101, .fallsBehind), (0, .keepsUp), (100, .keepsUp), (101, .fallsBehind),
        ] {
            #expect(watch.look(behind: behind, waiting: behind, at: .zero) == verdict)
        }
        watch.startAnew()
        #expect(watch.look(behind: 5000, waiting: 0, at: .zero) == .keepsUp)
    }
}
