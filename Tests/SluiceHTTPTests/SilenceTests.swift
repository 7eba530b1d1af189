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
    private static let head = ReplayScript.Step.head(200, [HeaderField("content-type", "text/event-stream")])
    private static let role = #"{"choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}"#
    private static let content = #"{"choices":[{"index":0,"delta":{"content":"hi"}}]}"#
    private static let finish = #"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#
    private static let comment = "\r\n:\n\n\r\n"

    private static func gateway(_ script: ReplayScript, _ streams: StreamLimits = StreamLimits()) -> Gateway {
        .held(streams: streams, adapter: Rig.chat) { _ in script }
    }

    private static func request(_ token: String, _ fields: String = "") -> String {
        let body = #"{"model":"m","messages":[{"role":"user","content":"hello"}],"stream":true}"#
        return "POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \(token)\r\n\(fields)"
            + "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    /// The data of the events in an answer, whatever the pieces in which it came.
    private static func data(_ text: String) -> [String] {
        text.replacing("\r\n", with: "\n").split(separator: "\n").filter { $0.hasPrefix("data: ") }
            .map { String($0.dropFirst("data: ".count)) }
    }

    private static func chunk(_ data: String) -> ReplayScript.Step { .chunk("data: \(data)\n\n") }

    /// Moves the clock until `raw` has got what it waits for.
    private func wait(_ rig: Gateway, _ raw: inout RawClient, for mark: String) async throws -> String {
        let clock = Task {
            while !Task.isCancelled {
                // The dispatcher, the sweeper, and the alarm.
                if rig.clock.sleepers >= 3 { rig.clock.advance(by: .milliseconds(500)) }
                await Task.yield()
            }
        }
        defer { clock.cancel() }
        return await raw.read(until: mark)
    }

    @Test("begins with its head and a comment after 25 s, has one more each 15 s, and then its whole answer")
    func early() async throws {
        let script = ReplayScript([Self.head, Self.chunk(Self.role), .hold])
        try await Self.gateway(script).with { rig, client in
            try await RawClient.with(port: client.port) { (raw: inout RawClient) in
                try await raw.send(Self.request(client.token))
                try await rig.transport.waitForCalls(1)
                let start = rig.clock.now.sinceStart
                var text = try await wait(rig, &raw, for: Self.comment)
                #expect(rig.clock.now.sinceStart - start >= .seconds(25))
                #expect(text.hasPrefix("HTTP/1.1 200 OK") && !text.contains("assistant"))
                text = try await wait(rig, &raw, for: Self.comment + "3\(Self.comment)")
                #expect(rig.clock.now.sinceStart - start >= .seconds(40))
                rig.transport.play(1, Self.chunk(Self.content), Self.chunk(Self.finish), Self.chunk("[DONE]"), .end)
                text = await raw.read(until: "[DONE]")
                #expect(Self.data(text) == [Self.role, Self.content, Self.finish, "[DONE]"])
            }
        }
    }

    @Test("whose head has come tells an error in the stream, and no mark")
    func lateError() async throws {
        let script = ReplayScript([Self.head, Self.chunk(Self.role), .hold])
        try await Self.gateway(script).with { rig, client in
            try await RawClient.with(port: client.port) { (raw: inout RawClient) in
                try await raw.send(Self.request(client.token))
                try await rig.transport.waitForCalls(1)
                _ = try await wait(rig, &raw, for: Self.comment)
                rig.transport.play(1, Self.chunk(#"{"error":{"message":"overloaded","code":503}}"#), .end)
                let text = await raw.readToEnd()
                // The provider's own words.
                #expect(text.contains(#"data: {"error":{"message":"overloaded","code":503}}"#))
                #expect(!text.contains("[DONE]") && !text.contains("assistant") && !text.contains("0\r\n\r\n"))
            }
        }
    }

    @Test("is kept awake behind its first content too")
    func betweenChunks() async throws {
        let script = ReplayScript([Self.head, Self.chunk(Self.content), .hold])
        try await Self.gateway(script).with { rig, client in
            try await RawClient.with(port: client.port) { (raw: inout RawClient) in
                try await raw.send(Self.request(client.token))
                _ = await raw.read(until: "\"hi\"")
                let start = rig.clock.now.sinceStart
                _ = try await wait(rig, &raw, for: Self.comment)
                #expect(rig.clock.now.sinceStart - start >= .seconds(15))
                rig.transport.play(1, Self.chunk(Self.finish), Self.chunk("[DONE]"), .end)
                #expect(await raw.read(until: "0\r\n\r\n").contains("data: [DONE]"))
            }
        }
    }

    @Test("says nothing at all where that was asked for")
    func never() async throws {
        let script = ReplayScript([Self.head, Self.chunk(Self.role), .hold])
        try await Self.gateway(script, StreamLimits(keepAlive: nil, earlyHeads: nil)).with { rig, client in
            try await RawClient.with(port: client.port) { (raw: inout RawClient) in
                try await raw.send(Self.request(client.token))
                try await rig.transport.waitForCalls(1)
                for _ in 0..<100 {
                    rig.clock.advance(by: .seconds(1))
                    await Task.yield()
                }
                rig.transport.play(1, Self.chunk(Self.content), .hold)
                _ = await raw.read(until: "\"hi\"")
                for _ in 0..<100 {
                    rig.clock.advance(by: .seconds(1))
                    await Task.yield()
                }
                rig.transport.play(1, Self.chunk(Self.finish), Self.chunk("[DONE]"), .end)
                let text = await raw.read(until: "0\r\n\r\n")
                #expect(text.contains("data: [DONE]") && !text.contains(Self.comment))
            }
        }
    }

    @Test(
        "of a caller who came back begins in the same way, and shows nothing of an attempt that failed before its content"
    )
    func replay() async throws {
        let script = ReplayScript([Self.head, Self.chunk(Self.role), .hold])
        try await Self.gateway(script).with { rig, client in
            let fields = "Idempotency-Key: again\r\n"
            try await RawClient.with(port: client.port) { (raw: inout RawClient) in
                try await raw.send(Self.request(client.token, fields))
                try await rig.transport.waitForCalls(1)
                try await RawClient.with(port: client.port) { (again: inout RawClient) in
                    try await again.send(Self.request(client.token, fields))
                    let text = try await wait(rig, &again, for: Self.comment)
                    #expect(text.contains("Idempotency-Replayed: true") && !text.contains("assistant"))
                    rig.transport.play(1, Self.chunk(Self.content), Self.chunk(Self.finish), Self.chunk("[DONE]"), .end)
                    let whole = await again.read(until: "[DONE]")
                    #expect(Self.data(whole) == [Self.role, Self.content, Self.finish, "[DONE]"])
                }
            }
        }
    }
}
