import HTTPTypes
import HummingbirdTesting
import SluiceJSON
import SluiceProvider
import SluiceRig
import SluiceStore
import SluiceTesting
import SluiceTypes
import Testing

@testable import SluiceHTTP

/// What callers gave their providers to show at servers of their own is kept with the job, which needs it, and shown to nobody.
@Suite("A caller's secret in a stored job", .timeLimit(.minutes(1)))
struct HiddenInJobsTests {
    private static let secret = "s3cret-of-a-caller"
    private static let tools =
        #","tools":[{"type":"mcp","server_label":"l","authorization":"\#(secret)","headers":{"X-Key":"\#(secret)"}}],"#
        + #""mcp_servers":[{"name":"n","authorization_token":"\#(secret)"}]"#

    @Test("goes to the provider, and stands in no record, list or job of an operator's", arguments: Wire.all)
    func records(wire: Wire) async throws {
        let body = wire.body(more: Self.tools)
        try await wire.gateway { _ in .answer(wire.answer) }.with { gateway, client in
            let answer = try await wire.send(client, body)
            #expect(answer.text == wire.answer)
            let queued = try await wire.send(client, body, .one("Prefer", "respond-async"))
            #expect(gateway.transport.calls.first?.body == Array(body.utf8))
            let id = try #require(answer.headers[.sluiceJob])
            let place = try #require(queued.headers[.location])
            var texts = [queued.text]
            for path in ["/v1/prompts/\(id)", place, "/v1/prompts?limit=9"] {
                texts.append(try await client.send(.get, path, nil, .one("Prefer", "wait=30")).text)
            }
            for text in texts {
                #expect(!text.contains(Self.secret))
                #expect(text.contains(#""authorization":"[redacted]","headers":{"X-Key":"[redacted]"}"#), "\(text)")
            }
            // Sent again, it is whole.
            #expect(gateway.transport.calls.map(\.body) == [Array(body.utf8), Array(body.utf8)])
        }
    }

    @Test("stands in no event in which the provider says again what was asked, nor in its answer")
    func events() async throws {
        let wire = Wire.responses
        let created = Wire.Event(
            name: "response.created",
            data: #"{"type":"response.created","sequence_number":0,"response":{"id":"resp_up"\#(Self.tools)}}"#
        )
        let last = Wire.Event(
            name: "response.completed",
            data:
                #"{"type":"response.completed","sequence_number":4,"response":{"id":"resp_up","status":"completed","output":[]"#
                + "\(Self.tools)}}"
        )
        let script = ReplayScript([Wire.head] + ([created] + wire.content + [last]).map(\.step) + [.end])
        let plain = wire.answer.dropLast() + Self.tools + "}"
        try await wire.gateway { number in number == 1 ? script : .answer(String(plain)) }.with { _, client in
            let streamed = try await wire.send(client, wire.stream)
            // Its caller gets what the provider says.
            #expect(streamed.text.contains(Self.secret))
            let events = try await client.events(try #require(streamed.headers[.sluiceJob]))
            #expect(!events.contains(Self.secret) && events.split(separator: "[redacted]").count == 7)
            let whole = try await wire.send(client)
            let id = try #require(whole.headers[.sluiceJob])
            let record = try await client.send(.get, "/v1/prompts/\(id)")
            #expect(!record.text.contains(Self.secret) && record.text.contains("[redacted]"))
        }
    }
}
