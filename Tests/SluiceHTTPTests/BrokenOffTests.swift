import NIOCore
import SluiceEngine
import SluiceProvider
import SluiceRig
import SluiceTesting
import SluiceTypes
import Testing

@testable import SluiceHTTP

/// Clients take an orderly end for success, also in the middle of a text.
@Suite("A stream that breaks off", .timeLimit(.minutes(1)))
struct BrokenOffTests {
    private static let content = #"{"choices":[{"index":0,"delta":{"content":"hi"}}]}"#
    private static let finish = #"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#
    private static let lastChunk = "0\r\n\r\n"

    /// An answer that breaks off when it is let go on, and for every later call a whole one.
    private static func gateway(_ end: ReplayScript.Step) -> Gateway {
        .held(adapter: Rig.chat) { number in
            guard number == 1 else { return .stream([content, finish, "[DONE]"]) }
            let head = ReplayScript.Step.head(200, [HeaderField("content-type", "text/event-stream")])
            return ReplayScript([head, .chunk("data: \(content)\n\n"), .hold, end])
        }
    }

    private static let reset = ReplayScript.Step.fail(TransportError(.reset, requestSent: true, "It was reset."))

    private static func request(_ client: Client, _ fields: String = "") -> String {
        let body = #"{"model":"m","messages":[{"role":"user","content":"hello"}],"stream":true}"#
        return "POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \(client.token)\r\n\(fields)"
            + "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    @Test(
        "ends with its error, and the connection with it, without the last chunk; a request behind it is not begun",
        arguments: [true, false]
    )
    func pipelined(isReset: Bool) async throws {
        try await Self.gateway(isReset ? Self.reset : .end).with { rig, client in
            try await RawClient.with(port: client.port) { (raw: inout RawClient) in
                try await raw.send(Self.request(client) + Self.request(client))
                _ = await raw.read(until: "\"hi\"")
                rig.transport.release(1)
                let text = await raw.readToEnd()
                #expect(text.hasSuffix("}}\n\n\r\n") && text.contains(#"data: {"error":{"#))
                #expect(!text.contains("[DONE]") && !text.contains(Self.lastChunk))
                #expect(text.split(separator: "HTTP/1.1 ", omittingEmptySubsequences: true).count == 1)
            }
            #expect(rig.transport.calls.count == 1)
        }
    }

    @Test("tells that also who has ended its sending", arguments: ["Connection: close\r\n"])
    func halfClosed(fields: String) async throws {
        try await Self.gateway(.end).with { rig, client in
            try await RawClient.with(port: client.port) { (raw: inout RawClient) in
                try await raw.send(Self.request(client, fields))
                _ = await raw.read(until: "\"hi\"")
                raw.outbound.finish()
                _ = await raw.read(until: "\r\n:\n\n\r\n")
                rig.transport.release(1)
                let text = await raw.readToEnd()
                #expect(text.contains(#"data: {"error":{"#) && !text.contains(Self.lastChunk))
            }
        }
    }

    @Test("of a caller who came back for it likewise")
    func replayed() async throws {
        try await Self.gateway(.end).with { rig, client in
            let request = Self.request(client, "Idempotency-Key: again\r\n")
            try await RawClient.with(port: client.port) { (raw: inout RawClient) in
                try await raw.send(request)
                _ = await raw.read(until: "\"hi\"")
                try await RawClient.with(port: client.port) { (again: inout RawClient) in
                    try await again.send(request)
                    _ = await again.read(until: "\"hi\"")
                    rig.transport.release(1)
                    for text in [await raw.readToEnd(), await again.readToEnd()] {
                        #expect(text.contains(#"data: {"error":{"#) && !text.contains(Self.lastChunk))
                    }
                }
            }
        }
    }

    @Test("is not continued by another attempt's answer, which who asks again gets")
    func triedAgain() async throws {
        try await Self.gateway(.end).with { rig, client in
            let request = Self.request(client, "Idempotency-Key: again\r\n")
            try await RawClient.with(port: client.port) { (raw: inout RawClient) in
                let queued = Self.request(client, "Idempotency-Key: again\r\nPrefer: respond-async\r\n")
                try await raw.send(queued)
                try await rig.transport.waitForCalls(1)
            }
            try await RawClient.with(port: client.port) { (raw: inout RawClient) in
                try await raw.send(request)
                _ = await raw.read(until: "\"hi\"")
                rig.transport.release(1)
                let clock = Task {
                    while !Task.isCancelled {
                        if rig.clock.sleepers >= 2 { rig.clock.advance(by: .milliseconds(500)) }
                        await Task.yield()
                    }
                }
                defer { clock.cancel() }
                let text = await raw.readToEnd()
                #expect(text.contains(#""code":"interrupted""#) && !text.contains(Self.lastChunk))
                #expect(text.split(separator: #""content":"hi""#).count == 2 && !text.contains("[DONE]"))
            }
            let again = try await RawClient.with(port: client.port) { (raw: inout RawClient) in
                try await raw.send(request)
                return await raw.read(until: Self.lastChunk)
            }
            #expect(again.contains("[DONE]") && again.split(separator: #""content":"hi""#).count == 2)
            #expect(rig.transport.calls.count == 2)
        }
    }

    @Test("is the last of its connection, and a whole one is not")
    func kept() async throws {
        try await Self.gateway(.end).with { rig, client in
            try await RawClient.with(port: client.port) { (raw: inout RawClient) in
                try await raw.send(Self.request(client))
                _ = await raw.read(until: "\"hi\"")
                rig.transport.release(1)
                #expect(await raw.readToEnd().contains(#"data: {"error":{"#))
            }
            try await RawClient.with(port: client.port) { (raw: inout RawClient) in
                try await raw.send(Self.request(client) + Self.request(client, "Connection: close\r\n"))
                let text = await raw.readToEnd()
                #expect(text.split(separator: "data: [DONE]").count == 3 && text.hasSuffix(Self.lastChunk))
            }
        }
    }
}
