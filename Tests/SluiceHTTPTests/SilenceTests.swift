import SluiceEngine
import SluiceProvider
import SluiceRig
import SluiceStore
import SluiceTesting
import SluiceTypes
import Testing

@testable import SluiceHTTP

/// What the caller of a stream hears while its provider says nothing.
@Suite("A silent stream", .timeLimit(.minutes(1)))
struct SilenceTests {
    private static func gateway(
        _ wire: Wire,
        _ script: ReplayScript,
        _ streams: StreamLimits = StreamLimits()
    ) -> Gateway {
        wire.gateway(streams) { _ in script }
    }

    /// An answer that has begun, and says nothing yet.
    private static func quiet(_ wire: Wire) -> ReplayScript {
        ReplayScript([Wire.head] + wire.preamble.map(\.step) + [.hold])
    }

    /// The rest of the answer.
    private static func rest(_ rig: Gateway, _ wire: Wire, _ events: [Wire.Event]) {
        for event in events { rig.transport.play(1, event.step) }
        rig.transport.play(1, .end)
    }

    @Test(
        "begins with its head and a sign after 25 s, has one more each 15 s, and then its whole answer",
        arguments: Wire.all
    )
    func early(wire: Wire) async throws {
        try await Self.gateway(wire, Self.quiet(wire)).with { rig, client in
            try await RawClient.with(port: client.port) { (raw: inout RawClient) in
                try await raw.send(wire.request(client, wire.stream))
                try await rig.transport.waitForCalls(1)
                let start = rig.clock.now.sinceStart
                let sign = Wire.piece(wire.earlySign)
                var text = await rig.moving { await raw.read(until: sign) }
                #expect(rig.clock.now.sinceStart - start >= .seconds(25))
                #expect(text.hasPrefix("HTTP/1.1 200 OK") && !text.contains(wire.preamble[0].data))
                let size = String(wire.earlySign.utf8.count, radix: 16, uppercase: true)
                text = await rig.moving { await raw.read(until: "\(sign)\(size)\(sign)") }
                #expect(rig.clock.now.sinceStart - start >= .seconds(40))
                Self.rest(rig, wire, wire.content + wire.finish)
                text = await raw.read(until: Wire.lastChunk)
                #expect(wire.data(text) == wire.events.map(\.data))
            }
        }
    }

    @Test(
        "whose head has come tells an error in the stream, and no end where that would say success",
        arguments: Wire.all
    )
    func lateError(wire: Wire) async throws {
        try await Self.gateway(wire, Self.quiet(wire)).with { rig, client in
            try await RawClient.with(port: client.port) { (raw: inout RawClient) in
                try await raw.send(wire.request(client, wire.stream))
                try await rig.transport.waitForCalls(1)
                _ = await rig.moving { await raw.read(until: Wire.piece(wire.earlySign)) }
                let failure = wire.failure("overloaded_error", "overloaded")
                rig.transport.play(1, failure.step, .end)
                let text = wire.endsInOrder ? await raw.read(until: Wire.lastChunk) : await raw.readToEnd()
                // The provider's own words.
                #expect(wire.data(text) == [failure.data])
                #expect(text.contains(failure.text) && text.hasSuffix(Wire.lastChunk) == wire.endsInOrder)
            }
        }
    }

    @Test("is kept awake behind its first content too", arguments: Wire.all)
    func betweenChunks(wire: Wire) async throws {
        try await Self.gateway(wire, wire.begun).with { rig, client in
            try await RawClient.with(port: client.port) { (raw: inout RawClient) in
                try await raw.send(wire.request(client, wire.stream))
                _ = await raw.read(until: wire.mark)
                let start = rig.clock.now.sinceStart
                _ = await rig.moving { await raw.read(until: Wire.piece(wire.sign)) }
                #expect(rig.clock.now.sinceStart - start >= .seconds(15))
                Self.rest(rig, wire, wire.finish)
                let text = await raw.read(until: Wire.lastChunk)
                #expect(wire.data(text) == wire.events.map(\.data))
            }
        }
    }

    @Test("says nothing at all where that was asked for", arguments: Wire.all)
    func never(wire: Wire) async throws {
        let limits = StreamLimits(keepAlive: nil, earlyHeads: nil)
        try await Self.gateway(wire, Self.quiet(wire), limits).with { rig, client in
            try await RawClient.with(port: client.port) { (raw: inout RawClient) in
                try await raw.send(wire.request(client, wire.stream))
                try await rig.transport.waitForCalls(1)
                for _ in 0..<100 {
                    rig.clock.advance(by: .seconds(1))
                    await Task.yield()
                }
                for event in wire.content { rig.transport.play(1, event.step) }
                _ = await raw.read(until: wire.mark)
                for _ in 0..<100 {
                    rig.clock.advance(by: .seconds(1))
                    await Task.yield()
                }
                Self.rest(rig, wire, wire.finish)
                let text = await raw.read(until: Wire.lastChunk)
                #expect(wire.data(text) == wire.events.map(\.data))
                #expect(!text.contains(Wire.piece(wire.sign)) && !text.contains(Wire.piece(wire.earlySign)))
            }
        }
    }

    @Test(
        "of a caller who came back begins in the same way, and shows nothing of an attempt that failed before its content",
        arguments: Wire.all
    )
    func replay(wire: Wire) async throws {
        try await Self.gateway(wire, Self.quiet(wire)).with { rig, client in
            let request = wire.request(client, wire.stream, "Idempotency-Key: again\r\n")
            try await RawClient.with(port: client.port) { (raw: inout RawClient) in
                try await raw.send(request)
                try await rig.transport.waitForCalls(1)
                try await RawClient.with(port: client.port) { (again: inout RawClient) in
                    try await again.send(request)
                    let text = await rig.moving { await again.read(until: Wire.piece(wire.earlySign)) }
                    #expect(text.contains("Idempotency-Replayed: true") && !text.contains(wire.preamble[0].data))
                    Self.rest(rig, wire, wire.content + wire.finish)
                    let whole = await again.read(until: Wire.lastChunk)
                    #expect(wire.data(whole) == wire.events.map(\.data))
                }
            }
        }
    }
}
