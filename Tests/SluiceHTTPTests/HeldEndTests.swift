import SluiceEngine
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
    private static let head = ReplayScript.Step.head(200, [HeaderField("content-type", "text/event-stream")])
    private static let content = #"{"choices":[{"index":0,"delta":{"content":"hi"}}],"usage":null}"#
    private static let finish = #"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":null}"#
    private static let late = #"{"choices":[{"index":1,"delta":{"content":"late"}}],"usage":null}"#
    private static let lateFinish = #"{"choices":[{"index":1,"delta":{},"finish_reason":"stop"}],"usage":null}"#
    private static let usage =
        #"{"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":1,"total_tokens":4},"x":"\u0068"}"#
    private static let comment = "\r\n:\n\n\r\n"
    private static let lastChunk = "0\r\n\r\n"

    private static func gateway(_ recording: Recording = .full) -> Gateway {
        .held(adapter: Rig.chat, recording: recording) { _ in ReplayScript([head, chunk(content), .hold]) }
    }

    private static func chunk(_ data: String) -> ReplayScript.Step { .chunk("data: \(data)\n\n") }

    private static func request(_ client: Client, _ fields: String = "", more: String = "") -> String {
        let body = #"{"model":"m","messages":[{"role":"user","content":"hello"}],"stream":true\#(more)}"#
        return "POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \(client.token)\r\n\(fields)"
            + "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    private static let counted = #","stream_options":{"include_usage":true}"#

    /// The data of the events in an answer, whatever the pieces in which it came.
    private static func data(_ text: String) -> [String] {
        text.replacing("\r\n", with: "\n").split(separator: "\n").filter { $0.hasPrefix("data: ") }
            .map { String($0.dropFirst("data: ".count)) }
    }

    /// Runs `wait` while the clock goes on.
    private static func moving<Value>(_ rig: Gateway, _ wait: () async throws -> Value) async rethrows -> Value {
        let clock = Task {
            while !Task.isCancelled {
                // The dispatcher, the sweeper, and whoever waits besides.
                if rig.clock.sleepers >= 3 { rig.clock.advance(by: .milliseconds(500)) }
                await Task.yield()
            }
        }
        defer { clock.cancel() }
        return try await wait()
    }

    @Test("waits for the commit, whole and as it came, for a caller and for one who came back; both are kept awake")
    func commitHeldUp() async throws {
        try await Self.gateway().with { rig, client in
            let request = Self.request(client, "Idempotency-Key: again\r\n", more: Self.counted)
            try await RawClient.with(port: client.port) { (raw: inout RawClient) in
                try await raw.send(request)
                _ = await raw.read(until: "\"hi\"")
                try await RawClient.with(port: client.port) { (again: inout RawClient) in
                    try await again.send(request)
                    _ = await again.read(until: "\"hi\"")
                    rig.store.set(outage: .refusingSettlements(StoreError(.full, "full")))
                    rig.transport.play(1, Self.chunk(Self.finish), Self.chunk(Self.usage), Self.chunk("[DONE]"), .end)
                    var texts = await Self.moving(rig) {
                        [await raw.read(until: Self.comment), await again.read(until: Self.comment)]
                    }
                    for text in texts { #expect(Self.data(text) == [Self.content]) }
                    rig.store.set(outage: nil)
                    texts = await Self.moving(rig) {
                        [await raw.read(until: Self.lastChunk), await again.read(until: Self.lastChunk)]
                    }
                    for text in texts {
                        #expect(Self.data(text) == [Self.content, Self.finish, Self.usage, "[DONE]"])
                        #expect(text.hasSuffix(Self.lastChunk))
                    }
                }
            }
            #expect(rig.transport.calls.count == 1)
        }
    }

    @Test("is not said where the commit fails: an error stands in its place, and the answer has no end")
    func commitFails() async throws {
        try await Self.gateway().with { rig, client in
            try await RawClient.with(port: client.port) { (raw: inout RawClient) in
                try await raw.send(Self.request(client))
                _ = await raw.read(until: "\"hi\"")
                rig.store.set(outage: .refusingSettlements(StoreError(.closed, "closed")))
                rig.transport.play(1, Self.chunk(Self.finish), Self.chunk(Self.usage), Self.chunk("[DONE]"), .end)
                let text = await raw.readToEnd()
                #expect(!text.contains(#""stop""#) && !text.contains("total_tokens") && !text.contains("[DONE]"))
                #expect(Self.data(text).count == 2 && Self.data(text).last?.hasPrefix(#"{"error":{"#) == true)
                #expect(text.contains(#""code":"interrupted""#) && !text.hasSuffix(Self.lastChunk))
                rig.store.set(outage: nil)
            }
        }
    }

    @Test("is not said where what follows says otherwise")
    func otherwise() async throws {
        try await Self.gateway().with { rig, client in
            try await RawClient.with(port: client.port) { (raw: inout RawClient) in
                try await raw.send(Self.request(client))
                _ = await raw.read(until: "\"hi\"")
                rig.transport.play(1, Self.chunk(Self.finish), Self.chunk(#"{"error":{"message":"no"}}"#), .end)
                let text = await raw.readToEnd()
                #expect(
                    !text.contains(#""stop""#) && text.contains(#""message":"no"#) && !text.hasSuffix(Self.lastChunk)
                )
            }
        }
    }

    @Test(
        "begins with the finish of any choice, and is said once success is decided, whatever is recorded",
        arguments: [Recording.full, .accounting, .none]
    )
    func anyChoice(recording: Recording) async throws {
        try await Self.gateway(recording).with { rig, client in
            try await RawClient.with(port: client.port) { (raw: inout RawClient) in
                try await raw.send(Self.request(client, more: #","n":2"# + Self.counted))
                _ = await raw.read(until: "\"hi\"")
                rig.transport.play(1, Self.chunk(Self.finish), Self.chunk(Self.late), .hold)
                var text = await Self.moving(rig) { await raw.read(until: Self.comment) }
                #expect(Self.data(text) == [Self.content])
                rig.transport.play(1, Self.chunk(Self.lateFinish), Self.chunk(Self.usage), Self.chunk("[DONE]"), .end)
                text = await raw.read(until: Self.lastChunk)
                let all = [Self.content, Self.finish, Self.late, Self.lateFinish, Self.usage, "[DONE]"]
                #expect(Self.data(text) == all)
                #expect(text.hasSuffix(Self.lastChunk))
            }
        }
    }

    @Test("of an answer without content closes a stream as well, for a caller and for one who asks again")
    func noContent() async throws {
        let gateway = Gateway.held { _ in ReplayScript([.head(200), .chunk("?begun"), .end]) }
        try await gateway.with { rig, client in
            for _ in 0..<2 {
                try await RawClient.with(port: client.port) { (raw: inout RawClient) in
                    try await raw.send(Self.request(client, "Idempotency-Key: again\r\n"))
                    let text = await raw.read(until: Self.lastChunk)
                    #expect(Self.data(text) == ["?begun", "[DONE]"])
                }
            }
            #expect(rig.transport.calls.count == 1)
        }
    }
}
