import SluiceEngine
import SluiceJSON
import SluiceProvider
import SluiceRig
import SluiceStore
import SluiceTesting
import SluiceTypes
import Testing

@testable import SluiceHTTP

/// Callers take a finish for success, so it is said of stored answers only.
@Suite("What closes a stream", .timeLimit(.minutes(1)))
struct HeldEndTests {
    private static let finish = #"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":null}"#
    private static let late = #"{"choices":[{"index":1,"delta":{"content":"late"}}],"usage":null}"#
    private static let lateFinish = #"{"choices":[{"index":1,"delta":{},"finish_reason":"stop"}],"usage":null}"#
    private static let usage =
        #"{"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":1,"total_tokens":4},"x":"\u0068"}"#

    private static func gateway(_ wire: Wire, _ recording: Recording = .full) -> Gateway {
        .held(adapter: wire.adapter, recording: recording) { _ in wire.begun }
    }

    private static func chunk(_ data: String) -> ReplayScript.Step { .chunk("data: \(data)\n\n") }

    /// The provider says how its answer closes, and nothing more.
    private static func close(_ rig: Gateway, _ wire: Wire) {
        for event in wire.finish { rig.transport.play(1, event.step) }
        rig.transport.play(1, .end)
    }

    @Test(
        "waits for the commit, whole and as it came, for a caller and for one who came back; both are kept awake",
        arguments: Wire.all
    )
    func commitHeldUp(wire: Wire) async throws {
        try await Self.gateway(wire).with { rig, client in
            let request = wire.request(client, wire.stream, "Idempotency-Key: again\r\n")
            let begun = (wire.preamble + wire.content).map(\.data)
            try await RawClient.with(port: client.port) { (raw: inout RawClient) in
                try await raw.send(request)
                _ = await raw.read(until: wire.mark)
                try await RawClient.with(port: client.port) { (again: inout RawClient) in
                    try await again.send(request)
                    _ = await again.read(until: wire.mark)
                    rig.store.set(outage: .refusingSettlements(StoreError(.full, "full")))
                    Self.close(rig, wire)
                    let sign = Wire.piece(wire.sign)
                    var texts = await rig.moving { [await raw.read(until: sign), await again.read(until: sign)] }
                    for text in texts { #expect(wire.data(text) == begun) }
                    rig.store.set(outage: nil)
                    texts = await rig.moving {
                        [await raw.read(until: Wire.lastChunk), await again.read(until: Wire.lastChunk)]
                    }
                    for text in texts {
                        #expect(wire.data(text) == wire.events.map(\.data))
                        #expect(text.hasSuffix(Wire.lastChunk))
                    }
                }
            }
            #expect(rig.transport.calls.count == 1)
        }
    }

    @Test(
        "is not said where the commit fails: an error stands in its place, and where that is no end of its own the answer has none",
        arguments: Wire.all
    )
    func commitFails(wire: Wire) async throws {
        try await Self.gateway(wire).with { rig, client in
            try await RawClient.with(port: client.port) { (raw: inout RawClient) in
                try await raw.send(wire.request(client, wire.stream))
                _ = await raw.read(until: wire.mark)
                rig.store.set(outage: .refusingSettlements(StoreError(.closed, "closed")))
                Self.close(rig, wire)
                let text = wire.endsInOrder ? await raw.read(until: Wire.lastChunk) : await raw.readToEnd()
                let data = wire.data(text)
                #expect(data.dropLast() == (wire.preamble + wire.content).map(\.data)[...])
                for event in wire.finish { #expect(!data.contains(event.data)) }
                #expect(data.last?.contains(#""error":{"#) == true)
                #expect(text.hasSuffix(Wire.lastChunk) == wire.endsInOrder)
                rig.store.set(outage: nil)
            }
        }
    }

    @Test("is not said where what follows says otherwise", arguments: [Wire.chat, .messages])
    func otherwise(wire: Wire) async throws {
        try await Self.gateway(wire).with { rig, client in
            try await RawClient.with(port: client.port) { (raw: inout RawClient) in
                try await raw.send(wire.request(client, wire.stream))
                _ = await raw.read(until: wire.mark)
                rig.transport.play(1, wire.finish[0].step, wire.failure("api_error", "no").step, .end)
                let text = await raw.readToEnd()
                #expect(!wire.data(text).contains(wire.finish[0].data) && !text.hasSuffix(Wire.lastChunk))
                #expect(wire.data(text).last?.contains(#""message":"no"#) == true)
            }
        }
    }

    @Test(
        "is said once success is decided, whatever is recorded",
        arguments: Wire.all,
        [Recording.full, .accounting, .none]
    )
    func recorded(wire: Wire, recording: Recording) async throws {
        try await Self.gateway(wire, recording).with { rig, client in
            try await RawClient.with(port: client.port) { (raw: inout RawClient) in
                try await raw.send(wire.request(client, wire.stream))
                _ = await raw.read(until: wire.mark)
                Self.close(rig, wire)
                let text = await raw.read(until: Wire.lastChunk)
                #expect(wire.data(text) == wire.events.map(\.data) && text.hasSuffix(Wire.lastChunk))
            }
        }
    }

    @Test("begins with the finish of any choice")
    func anyChoice() async throws {
        let wire = Wire.chat
        let begun = (wire.preamble + wire.content).map(\.data)
        try await Self.gateway(wire).with { rig, client in
            try await RawClient.with(port: client.port) { (raw: inout RawClient) in
                try await raw.send(wire.request(client, wire.body(stream: true, more: #","n":2"#)))
                _ = await raw.read(until: wire.mark)
                rig.transport.play(1, Self.chunk(Self.finish), Self.chunk(Self.late), .hold)
                var text = await rig.moving { await raw.read(until: Wire.piece(wire.sign)) }
                #expect(wire.data(text) == begun)
                rig.transport.play(1, Self.chunk(Self.lateFinish), Self.chunk(Self.usage), Self.chunk("[DONE]"), .end)
                text = await raw.read(until: Wire.lastChunk)
                #expect(wire.data(text) == begun + [Self.finish, Self.late, Self.lateFinish, Self.usage, "[DONE]"])
                #expect(text.hasSuffix(Wire.lastChunk))
            }
        }
    }

    @Test("of an answer without content closes a stream as well, for a caller and for one who asks again")
    func noContent() async throws {
        let gateway = Gateway.held { _ in ReplayScript([.head(200), .chunk("?begun"), .end]) }
        try await gateway.with { rig, client in
            for _ in 0..<2 {
                try await RawClient.with(port: client.port) { (raw: inout RawClient) in
                    try await raw.send(Wire.chat.request(client, Wire.chat.stream, "Idempotency-Key: again\r\n"))
                    let text = await raw.read(until: Wire.lastChunk)
                    #expect(Wire.chat.data(text) == ["?begun", "[DONE]"])
                }
            }
            #expect(rig.transport.calls.count == 1)
        }
    }

    @Test(
        "is delivered with the first of it: who asks again has got it already, and makes another call",
        arguments: Wire.all
    )
    func delivered(wire: Wire) async throws {
        try await wire.gateway { _ in wire.script }.with { rig, client in
            for count in 0..<2 {
                try await RawClient.with(port: client.port) { (raw: inout RawClient) in
                    try await raw.send(wire.request(client, wire.stream, "x-stainless-retry-count: \(count)\r\n"))
                    let text = await raw.read(until: Wire.lastChunk)
                    #expect(wire.data(text) == wire.events.map(\.data))
                }
            }
            #expect(rig.transport.calls.count == 2)
        }
    }
}
