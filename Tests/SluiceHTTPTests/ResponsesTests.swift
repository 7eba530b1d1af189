import HTTPTypes
import HummingbirdTesting
import SluiceEngine
import SluiceJSON
import SluiceProvider
import SluiceRig
import SluiceStore
import SluiceTesting
import SluiceTypes
import Testing

@testable import SluiceHTTP

/// What Responses has of its own for a caller who waits; what holds of calls on every surface is tried in ``CallSurfaceTests``.
@Suite("Responses for who waits", .timeLimit(.minutes(1)))
struct ResponsesTests {
    private static let wire = Wire.responses
    private static let json = HeaderField("content-type", "application/json")

    @Test("takes Codex's fields to the provider, and its metadata in whatever order for the same call")
    func codex() async throws {
        let error = Self.wire.error("late")
        try await Self.wire.gateway { _ in .answer(status: 504, headers: [Self.json], error) }.with { gateway, client in
            let fields: HTTPFields = [.threadID: "t", .init("x-codex-window-id") ?? .accept: "w"]
            let (first, again) = Self.wire.repeated
            #expect(first != again && first.utf8.count == again.utf8.count)
            #expect(try await Self.wire.send(client, first, fields).status == 504)
            #expect(try await Self.wire.send(client, again, fields).text == error)
            #expect(gateway.transport.calls.count == 1)
            #expect(gateway.transport.calls[0].headers.contains(HeaderField("x-codex-window-id", "w")))
            // Another turn is another call.
            _ = try await Self.wire.send(client, Self.wire.body(more: #","client_metadata":{},"x":1"#), fields)
            #expect(gateway.transport.calls.count == 2)
        }
    }

    @Test(
        "tells a failure behind a status in the envelope of errors, whatever it was told in",
        arguments: [("invalid_prompt", 400), ("server_error", 502), ("rate_limit_exceeded", 429)]
    )
    func earlyFailure(code: String, status: Int) async throws {
        let data =
            #"{"type":"response.failed","sequence_number":2,"response":{"id":"resp_up","status":"failed","error":"#
            + #"{"code":"\#(code)","message":"no"}}}"#
        let failed = Wire.Event(name: "response.failed", data: data)
        let script = ReplayScript([Wire.head] + (Self.wire.preamble + [failed]).map(\.step) + [.end])
        try await Self.wire.gateway { _ in script }.with { gateway, client in
            // A limit that says nothing of its end is waited for.
            let answer = try await gateway.moving { try await Self.wire.send(client, Self.wire.stream) }
            #expect(answer.status == status, "\(answer.text)")
            let root = try answer.json().root
            #expect(root.members.map(\.key) == ["error"])
            #expect(root[key: "error"]?[key: "message"]?.string == "no")
        }
    }

    @Test("passes the provider's own failure behind content as an end, where nothing says that it may have been paid")
    func lateFailure() async throws {
        let failure = Self.wire.failure("t", "no")
        try await Self.wire.gateway { _ in ReplayScript(Self.wire.begun.steps + [failure.step, .end]) }.with {
            rig,
            client in
            try await RawClient.with(port: client.port) { (raw: inout RawClient) in
                try await raw.send(Self.wire.request(client, Self.wire.stream))
                _ = await raw.read(until: Self.wire.mark)
                rig.transport.release(1)
                let text = await raw.read(until: Wire.lastChunk)
                let last = try Document(Array((Self.wire.data(text).last ?? "").utf8)).root
                #expect(last[key: "type"]?.string == "response.failed")
                #expect(last[key: "sequence_number"]?.integer == 4)
                let error = last[key: "response"]?[key: "error"]
                #expect(error?[key: "code"]?.string == "invalid_prompt")
                #expect(error?[key: "message"]?.string?.hasPrefix("no") == true)
                #expect(text.hasSuffix(Wire.lastChunk))
            }
        }
    }

    @Test("tells a failure of what no provider has begun behind a beginning of its own")
    func failureWithoutBeginning() async throws {
        let delta = Self.wire.content[0]
        let script = ReplayScript([Wire.head, delta.step, .hold, .end])
        try await Self.wire.gateway { _ in script }.with { rig, client in
            try await RawClient.with(port: client.port) { (raw: inout RawClient) in
                try await raw.send(Self.wire.request(client, Self.wire.stream))
                _ = await raw.read(until: delta.data)
                rig.transport.release(1)
                let text = await raw.read(until: Wire.lastChunk)
                let events = try Self.wire.data(text).dropFirst().map { try Document(Array($0.utf8)).root }
                #expect(events.map { $0[key: "type"]?.string } == ["response.created", "response.failed"])
                #expect(events.map { $0[key: "sequence_number"]?.integer } == [3, 4])
                let ids = events.map { $0[key: "response"]?[key: "id"]?.string }
                #expect(ids[0]?.hasPrefix("resp_") == true && ids[0] == ids[1])
            }
        }
    }

    @Test("ends only by an event that ends a response: a mark of chat's and a clean end are none")
    func otherEnds() async throws {
        for end in [ReplayScript.Step.chunk("data: [DONE]\n\n"), .end] {
            let script = ReplayScript(Self.wire.begun.steps + [end, .end])
            try await Self.wire.gateway { _ in script }.with { rig, client in
                try await RawClient.with(port: client.port) { (raw: inout RawClient) in
                    try await raw.send(Self.wire.request(client, Self.wire.stream))
                    _ = await raw.read(until: Self.wire.mark)
                    rig.transport.release(1)
                    let text = await raw.read(until: Wire.lastChunk)
                    #expect(text.contains("event: response.failed\n") && !text.contains("[DONE]"))
                }
            }
        }
    }

    @Test("takes what ended early for an answer, and says why in the record", arguments: [false, true])
    func incomplete(isStream: Bool) async throws {
        let response =
            #"{"id":"resp_up","object":"response","status":"incomplete","incomplete_details":{"reason":"max_output_tokens"},"output":[]}"#
        let last = Wire.Event(
            name: "response.incomplete",
            data: #"{"type":"response.incomplete","sequence_number":4,"response":\#(response)}"#
        )
        let events = Self.wire.preamble + Self.wire.content + [last]
        let script =
            isStream ? ReplayScript([Wire.head] + events.map(\.step) + [.end]) : .answer(headers: [Self.json], response)
        try await Self.wire.gateway { _ in script }.with { _, client in
            let answer = try await Self.wire.send(client, isStream ? Self.wire.stream : Self.wire.body)
            #expect(answer.status == 200)
            #expect(answer.text == (isStream ? events.map(\.text).joined() : response))
            let id = try #require(answer.headers[.sluiceJob])
            #expect(try await client.send(.get, "/v1/prompts/\(id)").field("finishReason") == "length")
        }
    }

    @Test("shows Codex, which names its version, no models of a kind of its own, and a mark of the list")
    func codexModels() async throws {
        try await Self.wire.gateway { _ in .answer(Self.wire.answer) }.with { _, client in
            let plain = try await client.send(.get, "/v1/models")
            let answer = try await client.send(.get, "/v1/models?client_version=0.163.0")
            let root = try answer.json().root
            #expect(root[key: "object"]?.string == "list" && root[key: "models"]?.elements.isEmpty == true)
            #expect(root[key: "data"]?.elements.map { $0[key: "id"]?.string } == ["m"])
            #expect(answer.headers[.eTag]?.hasPrefix("\"") == true && plain.headers[.eTag] == nil)
            #expect(try plain.json().root[key: "models"] == nil)
        }
    }
}
