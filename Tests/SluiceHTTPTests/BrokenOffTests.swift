import NIOCore
import SluiceEngine
import SluiceJSON
import SluiceProvider
import SluiceRig
import SluiceTesting
import SluiceTypes
import Testing

@testable import SluiceHTTP

/// Clients take an orderly end for success, also in the middle of a text.
@Suite("A stream that breaks off", .timeLimit(.minutes(1)))
struct BrokenOffTests {
    /// An answer that breaks off when it is let go on, and for every later call a whole one.
    private static func gateway(_ wire: Wire, _ end: ReplayScript.Step) -> Gateway {
        wire.gateway { number in
            guard number == 1 else { return wire.script }
            return ReplayScript(wire.begun.steps + [end])
        }
    }

    private static let reset = ReplayScript.Step.fail(TransportError(.reset, requestSent: true, "It was reset."))

    /// How often an answer's content was shown.
    private static func shown(_ wire: Wire, in text: String) -> Int {
        wire.data(text).count { $0 == wire.content[0].data }
    }

    @Test(
        "ends with its error, and the connection with it, without the last chunk; a request behind it is not begun",
        arguments: Wire.broken,
        [true, false]
    )
    func pipelined(wire: Wire, isReset: Bool) async throws {
        try await Self.gateway(wire, isReset ? Self.reset : .end).with { rig, client in
            try await RawClient.with(port: client.port) { (raw: inout RawClient) in
                let request = wire.request(client, wire.stream)
                try await raw.send(request + request)
                _ = await raw.read(until: wire.mark)
                rig.transport.release(1)
                let text = await raw.readToEnd()
                #expect(text.hasSuffix("}\n\n\r\n") && wire.data(text).last?.contains(#""error":{"#) == true)
                for event in wire.finish { #expect(!text.contains(event.data)) }
                #expect(!text.contains(Wire.lastChunk))
                #expect(text.split(separator: "HTTP/1.1 ", omittingEmptySubsequences: true).count == 1)
            }
            #expect(rig.transport.calls.count == 1)
        }
    }

    @Test(
        "ends in an orderly way where its error is an end like another, and the connection goes on",
        arguments: [true, false]
    )
    func inOrder(isReset: Bool) async throws {
        let wire = Wire.responses
        try await Self.gateway(wire, isReset ? Self.reset : .end).with { rig, client in
            try await RawClient.with(port: client.port) { (raw: inout RawClient) in
                try await raw.send(wire.request(client, wire.stream))
                _ = await raw.read(until: wire.mark)
                rig.transport.release(1)
                let text = await raw.read(until: Wire.lastChunk)
                let last = try Document(Array((wire.data(text).last ?? "").utf8)).root
                #expect(last[key: "type"]?.string == "response.failed")
                // It goes on behind the provider's last, with the provider's response.
                #expect(last[key: "sequence_number"]?.integer == 4)
                #expect(last[key: "response"]?[key: "id"]?.string == "resp_up")
                #expect(last[key: "response"]?[key: "created_at"]?.integer == 5)
                #expect(last[key: "response"]?[key: "error"]?[key: "code"]?.string == "server_error")
                #expect(text.contains("event: response.failed\n") && text.hasSuffix(Wire.lastChunk))
                try await raw.send(wire.request(client, wire.stream))
                #expect(await raw.read(until: wire.finish[0].data).contains(wire.finish[0].data))
            }
        }
    }

    @Test("tells that also who has ended its sending", arguments: Wire.broken)
    func halfClosed(wire: Wire) async throws {
        try await Self.gateway(wire, .end).with { rig, client in
            try await RawClient.with(port: client.port) { (raw: inout RawClient) in
                try await raw.send(wire.request(client, wire.stream, "Connection: close\r\n"))
                _ = await raw.read(until: wire.mark)
                raw.outbound.finish()
                _ = await raw.read(until: Wire.piece(wire.sign))
                rig.transport.release(1)
                let text = await raw.readToEnd()
                #expect(wire.data(text).last?.contains(#""error":{"#) == true && !text.contains(Wire.lastChunk))
            }
        }
    }

    @Test("of a caller who came back for it likewise", arguments: Wire.all)
    func replayed(wire: Wire) async throws {
        try await Self.gateway(wire, .end).with { rig, client in
            let request = wire.request(client, wire.stream, "Idempotency-Key: again\r\nConnection: close\r\n")
            try await RawClient.with(port: client.port) { (raw: inout RawClient) in
                try await raw.send(request)
                _ = await raw.read(until: wire.mark)
                try await RawClient.with(port: client.port) { (again: inout RawClient) in
                    try await again.send(request)
                    _ = await again.read(until: wire.mark)
                    rig.transport.release(1)
                    for text in [await raw.readToEnd(), await again.readToEnd()] {
                        #expect(wire.data(text).last?.contains(#""error":{"#) == true)
                        #expect(text.hasSuffix(Wire.lastChunk) == wire.endsInOrder)
                    }
                }
            }
        }
    }

    @Test("is not continued by another attempt's answer, which who asks again gets", arguments: Wire.all)
    func triedAgain(wire: Wire) async throws {
        try await Self.gateway(wire, .end).with { rig, client in
            let request = wire.request(client, wire.stream, "Idempotency-Key: again\r\nConnection: close\r\n")
            try await RawClient.with(port: client.port) { (raw: inout RawClient) in
                let fields = "Idempotency-Key: again\r\nPrefer: respond-async\r\n"
                try await raw.send(wire.request(client, wire.stream, fields))
                try await rig.transport.waitForCalls(1)
            }
            try await RawClient.with(port: client.port) { (raw: inout RawClient) in
                try await raw.send(request)
                _ = await raw.read(until: wire.mark)
                rig.transport.release(1)
                let text = await rig.moving(sleepers: 2) { await raw.readToEnd() }
                #expect(text.contains("is asked for again") && !text.hasSuffix(Wire.lastChunk))
                #expect(Self.shown(wire, in: text) == 1 && !text.contains(wire.finish[0].data))
            }
            let again = try await RawClient.with(port: client.port) { (raw: inout RawClient) in
                try await raw.send(request)
                return await raw.readToEnd()
            }
            #expect(wire.data(again) == wire.events.map(\.data) && again.hasSuffix(Wire.lastChunk))
            #expect(rig.transport.calls.count == 2)
        }
    }

    @Test("is the last of its connection, and a whole one is not", arguments: Wire.broken)
    func kept(wire: Wire) async throws {
        try await Self.gateway(wire, .end).with { rig, client in
            try await RawClient.with(port: client.port) { (raw: inout RawClient) in
                try await raw.send(wire.request(client, wire.stream))
                _ = await raw.read(until: wire.mark)
                rig.transport.release(1)
                #expect(wire.data(await raw.readToEnd()).last?.contains(#""error":{"#) == true)
            }
            try await RawClient.with(port: client.port) { (raw: inout RawClient) in
                let fields = "Connection: close\r\n"
                try await raw.send(wire.request(client, wire.stream) + wire.request(client, wire.stream, fields))
                let text = await raw.readToEnd()
                #expect(wire.data(text) == (wire.events + wire.events).map(\.data) && text.hasSuffix(Wire.lastChunk))
            }
        }
    }
}
