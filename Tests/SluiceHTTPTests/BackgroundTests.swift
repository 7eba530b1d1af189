import HTTPTypes
import SluiceDialects
import SluiceJSON
import SluiceProvider
import SluiceRig
import SluiceStore
import SluiceTesting
import SluiceTypes
import Synchronization
import Testing

@testable import SluiceEngine
@testable import SluiceHTTP

/// A response for which nobody waits is a job, and its stream the job's log.
@Suite("A response in the background", .timeLimit(.minutes(1)))
struct BackgroundTests {
    private static let head = ReplayScript.Step.head(200, [HeaderField("content-type", "text/event-stream")])
    private static let lastChunk = "0\r\n\r\n"

    private static func gateway(
        recording: Recording = .full,
        _ script: @escaping @Sendable (_ number: Int) -> ReplayScript = { _ in ReplayScript([head, .hold]) }
    ) -> Gateway {
        .held(
            recording: recording,
            rows: [Rig.row("up", adapter: Rig.responses, formats: [.openAIResponses])],
            script: script
        )
    }

    private static func event(_ type: String, _ number: Int, _ more: String) -> ReplayScript.Step {
        .chunk("event: \(type)\ndata: {\"type\":\"\(type)\",\"sequence_number\":\(number),\(more)}\n\n")
    }

    private static func created(_ id: String = "resp_up") -> ReplayScript.Step {
        event(
            "response.created",
            0,
            #""response":{"id":"\#(id)","object":"response","status":"in_progress","output":[]}"#
        )
    }

    private static func delta(_ number: Int, _ text: String) -> ReplayScript.Step {
        event("response.output_text.delta", number, #""output_index":0,"delta":"\#(text)""#)
    }

    private static func completed(_ number: Int, _ text: String, id: String = "resp_up") -> ReplayScript.Step {
        let item =
            #"{"type":"message","id":"msg_1","role":"assistant","content":[{"type":"output_text","text":"\#(text)"}]}"#
        return event(
            "response.completed",
            number,
            #""response":{"id":"\#(id)","object":"response","status":"completed","output":[\#(item)],"odd":1.50}"#
        )
    }

    private static func whole(_ text: String, id: String = "resp_up") -> ReplayScript {
        ReplayScript([head, created(id), delta(1, text), completed(2, text, id: id), .end])
    }

    /// Names and numbers of the events in an answer, whatever the pieces in which it came.
    private static func events(_ text: String) -> [String] {
        text.replacing("\r\n", with: "\n").split(separator: "\n").filter { $0.hasPrefix("data: ") }.compactMap { line in
            let root = (try? Document(Array(line.dropFirst("data: ".count).utf8)))?.root
            guard let type = root?[key: "type"]?.string, let number = root?[key: "sequence_number"]?.integer else {
                return nil
            }
            return "\(type) \(number)"
        }
    }

    private static func made(_ client: Client, _ more: String = "") async throws -> String {
        let body = #"{"model":"m","input":"hi","background":true\#(more)}"#
        let answer = try await client.send(.post, "/v1/responses", body)
        let root = try answer.json().root
        #expect(answer.status == 200 && root[key: "status"]?.string == "queued")
        return try #require(root[key: "id"]?.string)
    }

    /// Waits for the end of the job that stands behind an id of ours.
    private static func ended(_ gateway: Gateway, _ id: String) async throws {
        let hex = Array(id.dropFirst("resp_".count))
        let text = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(hex[$0]) }.joined(separator: "-")
        let job = try #require(JobID(text))
        _ = try await gateway.engine.wait(for: job, owner: nil, atMost: .seconds(30))
    }

    @Test("is queued under our id, and found when it is completed, with the provider's own members")
    func polled() async throws {
        try await Self.gateway { _ in Self.whole("one") }.with { gateway, client in
            let id = try await Self.made(client)
            try await Self.ended(gateway, id)
            let answer = try await client.send(.get, "/v1/responses/\(id)")
            #expect(answer.text.contains(#""odd":1.50"#))
            let root = try answer.json().root
            #expect(root[key: "id"]?.string == id && root[key: "status"]?.string == "completed")
            #expect(root[key: "output"]?[0]?[key: "content"]?[0]?[key: "text"]?.string == "one")
            let sent = try #require(gateway.transport.calls.first).body
            #expect(try Document(sent).root[key: "background"] == nil)
            let items = try await client.send(.get, "/v1/responses/\(id)/input_items").json().root
            #expect(items[key: "data"]?[0]?[key: "content"]?[0]?[key: "text"]?.string == "hi")
            #expect(try await client.send(.get, "/v1/responses/resp_up").status == 404)
        }
    }

    @Test("is streamed with our id and numbers, and resumed behind any of them")
    func resumed() async throws {
        try await Self.gateway { _ in Self.whole("one") }.with { gateway, client in
            let body = #"{"model":"m","input":"hi","background":true,"stream":true}"#
            let first = try await client.send(.post, "/v1/responses", body)
            let all = [
                "response.created 0", "response.queued 1", "response.output_text.delta 2", "response.completed 3",
            ]
            #expect(Self.events(first.text) == all)
            let id = try #require(first.text.firstMatch(of: /"id":"(resp_[0-9a-f]{32})"/)).1
            #expect(!first.text.contains("resp_up"))
            // It waits no longer.
            let later = [all[0]] + all[2...]
            for (after, expected) in [
                ("", later), ("&starting_after=0", Array(later.dropFirst())), ("&starting_after=2", [all[3]]),
                ("&starting_after=3", [all[3]]), ("&starting_after=99", [all[3]]),
            ] {
                let answer = try await client.send(.get, "/v1/responses/\(id)?stream=true\(after)")
                #expect(Self.events(answer.text) == expected, "\(after)")
            }
            #expect(gateway.transport.calls.count == 1)
        }
    }

    @Test(
        "whose attempt breaks after its text was shown closes its stream without an end, and goes on in the next under greater numbers"
    )
    func secondAttempt() async throws {
        let script = { @Sendable (number: Int) in
            number == 1
                ? ReplayScript([Self.head, Self.created(), Self.delta(1, "first"), .hold])
                : Self.whole("second", id: "resp_two")
        }
        try await Self.gateway(script).with { gateway, client in
            let body = #"{"model":"m","input":"hi","background":true,"stream":true}"#
            let request =
                "POST /v1/responses HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \(client.token)\r\n"
                + "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
            let first = try await RawClient.with(port: client.port) { (raw: inout RawClient) in
                try await raw.send(request)
                _ = await raw.read(until: "\"first\"")
                gateway.transport.play(1, .fail(TransportError(.reset, requestSent: true, "cut")))
                return await raw.readToEnd()
            }
            #expect(Self.events(first) == ["response.created 0", "response.queued 1", "response.output_text.delta 2"])
            #expect(!first.hasSuffix(Self.lastChunk))
            let id = String(try #require(first.firstMatch(of: /"id":"(resp_[0-9a-f]{32})"/)).1)
            try await Self.ended(gateway, id)
            let second = try await client.send(.get, "/v1/responses/\(id)?stream=true&starting_after=2")
            #expect(
                Self.events(second.text) == [
                    "response.created 1000000", "response.output_text.delta 1000002", "response.completed 1000003",
                ]
            )
            #expect(
                !second.text.contains("first") && second.text.contains("second") && !second.text.contains("resp_two")
            )
        }
    }

    @Test("tells who comes back between two attempts that another one begins")
    func betweenAttempts() throws {
        var log: [UInt8] = []
        let delta = #"{"type":"response.output_text.delta","sequence_number":1,"delta":"second"}"#
        LogEntry.append(.upstream, .content, name: "response.output_text.delta", Array(delta.utf8), to: &log)
        let request = try Document(Array(#"{"model":"m","input":"hi"}"#.utf8))
        let own = ResponsesObject(id: "resp_1", createdAt: 1, request: request, isBackground: true)
        var text = BackgroundText(own, ResponsesRelabel(id: "resp_1"), epoch: 1, after: 2)
        #expect(text.beginning(isQueued: true).isEmpty)
        text.begin(2)
        var bytes: [UInt8] = []
        for entry in LogEntries(log: log) { text.append(entry, to: &bytes) }
        #expect(
            Self.events(String(decoding: bytes, as: UTF8.self)) == [
                "response.created 1000000", "response.output_text.delta 1000002",
            ]
        )
    }

    @Test("is cancelled once and told so again, not deleted while it runs, and gone once it is deleted")
    func ends() async throws {
        try await Self.gateway().with { gateway, client in
            let id = try await Self.made(client)
            let active = try await client.send(.delete, "/v1/responses/\(id)")
            #expect(active.status == 409 && active.headers[.shouldRetry] == "false")
            for _ in 0..<2 {
                let answer = try await client.send(.post, "/v1/responses/\(id)/cancel")
                #expect(try answer.status == 200 && answer.json().root[key: "status"]?.string == "cancelled")
            }
            #expect(try await client.send(.delete, "/v1/responses/\(id)").json().root[key: "deleted"]?.boolean == true)
            for path in ["", "?stream=true", "/input_items"] {
                #expect(try await client.send(.get, "/v1/responses/\(id)\(path)").status == 404)
            }
            #expect(try await client.send(.post, "/v1/responses/\(id)/cancel").status == 404)
        }
    }

    @Test("is nobody else's: another owner finds nothing under its id, and can't continue it")
    func owners() async throws {
        try await Self.gateway { _ in Self.whole("one") }.with { gateway, client in
            let id = try await Self.made(client)
            try await Self.ended(gateway, id)
            let other = Client(client: client.client, token: try await gateway.token("other"))
            let paths: [(HTTPRequest.Method, String)] = [
                (.get, ""), (.get, "?stream=true"), (.get, "/input_items"), (.post, "/cancel"), (.delete, ""),
            ]
            for (method, path) in paths {
                #expect(try await other.send(method, "/v1/responses/\(id)\(path)").status == 404, "\(method) \(path)")
            }
            let body = #"{"model":"m","input":"more","previous_response_id":"\#(id)"}"#
            let refused = try await other.send(.post, "/v1/responses", body)
            let error = try refused.json().root[key: "error"]
            #expect(refused.status == 400 && error?[key: "code"]?.string == "previous_response_not_found")
            #expect(error?[key: "param"]?.string == "previous_response_id")
            #expect(gateway.transport.calls.count == 1)
        }
    }

    @Test("is found while its caller waits, by its provider's id, and by no other owner")
    func foregroundRunning() async throws {
        let begun = ReplayScript([Self.head, Self.created(), Self.delta(1, "o"), .hold, Self.completed(2, "o"), .end])
        try await Self.gateway { _ in begun }.with { gateway, client in
            try await RawClient.with(port: client.port) { (raw: inout RawClient) in
                let body = #"{"model":"m","input":"hi","stream":true}"#
                try await raw.send(Wire.responses.request(client, body))
                _ = await raw.read(until: #""delta":"o""#)
                let found = try await client.send(.get, "/v1/responses/resp_up")
                #expect(try found.json().root[key: "status"]?.string == "in_progress")
                #expect(found.headers[.sluiceJob] != nil)
                #expect(try await client.send(.get, "/v1/responses/resp_other").status == 404)
                let other = Client(client: client.client, token: try await gateway.token("other"))
                #expect(try await other.send(.get, "/v1/responses/resp_up").status == 404)
                #expect(try await client.send(.delete, "/v1/responses/resp_up").status == 409)
                #expect(try await client.send(.post, "/v1/responses/resp_up/cancel").status == 400)
                let next = #"{"model":"m","input":"on","previous_response_id":"resp_up"}"#
                let refused = try await client.send(.post, "/v1/responses", next)
                #expect(refused.status == 400 && refused.text.contains("still in progress"))

                gateway.transport.release(1)
                _ = await raw.read(until: Self.lastChunk)
                let ended = try await client.send(.get, "/v1/responses/resp_up")
                #expect(try ended.json().root[key: "status"]?.string == "completed")
            }
        }
    }

    @Test(
        "is found too where its caller waited, by its provider's id, and streamed whether it was a stream or not",
        arguments: [false, true]
    )
    func foreground(isStream: Bool) async throws {
        let plain = ReplayScript([
            .head(200, [HeaderField("content-type", "application/json")]),
            .chunk(#"{"id":"resp_up","object":"response","status":"completed","output":[],"odd":1.50}"#), .end,
        ])
        try await Self.gateway { _ in isStream ? Self.whole("one") : plain }.with { gateway, client in
            let body = #"{"model":"m","input":"hi","stream":\#(isStream)}"#
            let asked = try await client.send(.post, "/v1/responses", body)
            let found = try await client.send(.get, "/v1/responses/resp_up")
            #expect(found.text.contains(#""odd":1.50"#) && found.text.hasPrefix("{"))
            if !isStream { #expect(found.text == asked.text) }
            let all =
                isStream
                ? ["response.created 0", "response.output_text.delta 1", "response.completed 2"]
                : ["response.created 0", "response.completed 1"]
            let events = try await client.send(.get, "/v1/responses/resp_up?stream=true")
            #expect(Self.events(events.text) == all)
            let rest = try await client.send(.get, "/v1/responses/resp_up?stream=true&starting_after=0")
            #expect(Self.events(rest.text) == Array(all.dropFirst()))
            #expect(try await client.send(.post, "/v1/responses/resp_up/cancel").status == 400)
            #expect(gateway.transport.calls.count == 1)
        }
    }

    @Test("is refused where no answers are kept", arguments: [Recording.accounting, .none])
    func notRecorded(recording: Recording) async throws {
        try await Self.gateway(recording: recording).with { gateway, client in
            let answer = try await client.send(.post, "/v1/responses", #"{"model":"m","input":"hi","background":true}"#)
            #expect(try answer.status == 400 && answer.json().root[key: "error"]?[key: "param"]?.string == "background")
            #expect(try await gateway.isEmpty)
        }
    }

    @Test("can't be impersonated by a provider that gives its id to another answer")
    func impersonated() async throws {
        let ids = Box("resp_up")
        let script = { @Sendable (_: Int) in Self.whole("answer", id: ids.value) }
        try await Self.gateway(script).with { gateway, client in
            let id = try await Self.made(client)
            try await Self.ended(gateway, id)
            for (given, status) in [(id, 200), (String(repeating: "a", count: 200), 404), ("resp_a.b", 404)] {
                ids.value = given
                let answer = try await client.send(.post, "/v1/responses", #"{"model":"m","input":"other"}"#)
                #expect(try answer.json().root[key: "id"]?.string == given)
                let found = try await client.send(.get, "/v1/responses/\(given)")
                #expect(found.status == status)
            }
            let items = try await client.send(.get, "/v1/responses/\(id)/input_items").json().root
            #expect(items[key: "data"]?[0]?[key: "content"]?[0]?[key: "text"]?.string == "hi")
        }
    }
}

/// A value that a script reads anew for each call.
private final class Box: Sendable {
    private let held: Mutex<String>

    init(_ value: String) { held = Mutex(value) }

    var value: String {
        get { held.withLock { $0 } }
        set { held.withLock { $0 = newValue } }
    }
}
