import Foundation
import HTTPTypes
import SluiceEngine
import SluiceHTTP
import SluiceJSON
import SluiceProvider
import SluiceStore
import SluiceTesting
import SluiceTokens
import SluiceTypes
import Testing

@Suite("A prompt's events", .timeLimit(.minutes(1)))
struct EventTests {
    private static let pieces = ["one ", "two\r\nthree\n", "\"four\""]

    /// A stream of ``pieces``, each of which waits to be released, and so does its end.
    private static func script(_ pieces: [String] = pieces, isHeld: Bool = true) -> ReplayScript {
        let steps = pieces.flatMap { isHeld ? [ReplayScript.Step.hold, .chunk($0)] : [.chunk($0)] }
        return ReplayScript([.head(200)] + steps + (isHeld ? [.hold, .end] : [.end]))
    }

    /// What a reader of a stream of ``pieces`` gets, byte for byte.
    private static func expected(_ id: String, attempt: Int = 1) -> String {
        """
        event: attempt
        id: \(attempt).0
        data: {"epoch":\(attempt),"provider":"pieces","startedAt":"2027-01-15T08:00:00.000Z"}

        event: delta
        id: \(attempt).23
        data: {"text":"one "}

        event: raw
        id: \(attempt).34
        data: one\u{20}

        event: delta
        id: \(attempt).52
        data: {"text":"two\\r\\nthree\\n"}

        event: raw
        id: \(attempt).70
        data: two
        data: three
        data:\u{20}

        event: delta
        id: \(attempt).83
        data: {"text":"\\"four\\""}

        event: raw
        id: \(attempt).96
        data: "four"

        event: usage
        id: \(attempt).158
        data: {"promptTokens":1,"completionTokens":2,"totalTokens":3}

        event: end
        id: \(attempt).169
        data: {"id":"\(id)","status":"succeeded","finishReason":"stop","usage":{"promptTokens":1,"completionTokens":2,\
        "totalTokens":3},"error":null,"cost":{"usd":null,"state":"unpriced","low":"0","likely":"0","high":"0",\
        "priceVersion":null},"attempts":1,"possiblyCharged":false}


        """
    }

    /// The ids in a text of events.
    private static func ids(_ text: String) -> [String] {
        text.split(separator: "\n").filter { $0.hasPrefix("id: ") }.map { String($0.dropFirst(4)) }
    }

    /// What stands in `text` behind the event with that id.
    private static func rest(of text: String, behind id: String) -> String {
        guard let place = text.range(of: "id: \(id)\n"),
            let end = text[place.upperBound...].range(of: "\n\n")
        else { return "?" }
        return String(text[end.upperBound...])
    }

    @Test("come as they happen, each at once")
    func live() async throws {
        let rig = Gateway.held { _ in Self.script() }
        try await rig.with { rig, client in
            let id = try await rig.submit()
            let answer = try await RawClient.with(port: client.port) { raw in
                try await raw.send(client.eventsRequest(id))
                for mark in ["event: attempt", "\"one \"", "\\r\\n", "four"] {
                    #expect(await raw.read(until: mark).contains(mark))
                    rig.transport.release(1)
                }
                return await raw.read(until: "0\r\n\r\n")
            }
            let head = answer.components(separatedBy: "\r\n\r\n")[0].lowercased()
            #expect(answer.hasPrefix("HTTP/1.1 200 OK"))
            for field in ["content-type: text/event-stream", "cache-control: no-store", "x-accel-buffering: no"] {
                #expect(head.contains(field))
            }
            #expect(answer.contains("event: end"))
        }
    }

    @Test("are the same to the byte whenever they are asked for, after a restart too, and behind every one of them")
    func resumed() async throws {
        let rig = Gateway.held { _ in Self.script(isHeld: false) }
        let id = try await rig.with { rig, client in
            let id = try await rig.submit()
            #expect(try await client.events(id) == Self.expected(id))
            return id
        }
        try await Gateway.held(store: rig.store, clock: rig.clock).with { _, client in
            let text = try await client.events(id)
            #expect(text == Self.expected(id))
            for event in Self.ids(text).dropLast() {
                #expect(try await client.events(id, after: event) == Self.rest(of: text, behind: event))
            }
            // Who has seen the end and asks again is told the end again.
            let end = try #require(Self.ids(text).last)
            #expect(try await client.events(id, after: end).hasPrefix("event: end\n"))
            #expect(try await client.events(id, after: "") == text)
        }
    }

    @Test("go on live behind every one of them")
    func resumedLive() async throws {
        let rig = Gateway.held { _ in Self.script() }
        try await rig.with { rig, client in
            let id = try await rig.submit()
            try await rig.transport.waitForCalls(1)
            let whole = Self.expected(id)
            let seen = Self.ids(whole).dropLast(2)
            for _ in Self.pieces { rig.transport.release(1) }
            try await withThrowingTaskGroup(of: (String, String).self) { group in
                for event in seen {
                    group.addTask { (event, try await client.events(id, after: event)) }
                }
                let raw = try await RawClient.with(port: client.port) { raw in
                    try await raw.send(client.eventsRequest(id))
                    return await raw.read(until: "data: \"four\"")
                }
                #expect(raw.contains("event: attempt"))
                rig.transport.release(1)
                for try await (event, text) in group {
                    #expect(text == Self.rest(of: whole, behind: event), "behind \(event)")
                }
            }
        }
    }

    @Test("of a second attempt begin anew, for who comes with an id of the first as well")
    func secondAttempt() async throws {
        let rig = Gateway.held { number in
            number == 1 ? ReplayScript([.head(200), .chunk("wrong"), .hold, .chunk("!")]) : Self.script(isHeld: false)
        }
        try await rig.with { rig, client in
            let id = try await rig.submit()
            let both = try await RawClient.with(port: client.port) { raw in
                try await raw.send(client.eventsRequest(id))
                #expect(await raw.read(until: "data: wrong").contains("id: 1.0\n"))
                rig.transport.release(1)
                return await raw.read(until: "event: end")
            }
            #expect(both.components(separatedBy: "event: attempt").count == 3)
            let second = try await client.events(id)
            #expect(second.hasPrefix("event: attempt\nid: 2.0\n"))
            #expect(try await client.events(id, after: "1.10") == second)
            #expect(!second.contains("wrong"))
        }
    }

    @Test("of a failure end with its class and what is known of it")
    func failure() async throws {
        let rig = Gateway.held { _ in ReplayScript([.head(500), .chunk("half"), .chunk("!")]) }
        try await rig.with { rig, client in
            let text = try await client.events(rig.submit())
            #expect(text.contains("data: {\"text\":\"half\"}"))
            let end = text.components(separatedBy: "event: end").last ?? ""
            #expect(end.contains(#""status":"dead""#))
            #expect(end.contains(#""class":"server""#) && end.contains("The provider broke."))
            #expect(end.contains(#""provider":"pieces","httpStatus":500"#))
        }
    }

    @Test("of a prompt that waits are comments, one for each quarter of a minute")
    func keepAlive() async throws {
        try await Gateway.held().with(running: false) { rig, client in
            let id = try await rig.submit()
            let text = try await RawClient.with(port: client.port) { raw in
                try await raw.send(client.eventsRequest(id))
                _ = await raw.read(until: "\r\n\r\n")
                for _ in 0..<15 {
                    try await rig.clock.waitForSleepers(1)
                    rig.clock.advance(by: .seconds(1))
                }
                _ = await raw.read(until: "\r\n:\n\n\r\n")
                rig.clock.advance(by: .seconds(14))
                _ = try await rig.engine.cancel(#require(JobID(id)), owner: nil, audit: nil)
                return await raw.read(until: "0\r\n\r\n")
            }
            #expect(text.components(separatedBy: "\r\n:\n\n\r\n").count == 2)
            #expect(text.contains("event: end\nid: 0.0\n"))
            #expect(text.contains(#""status":"cancelled""#))
        }
    }

    @Test(
        "behind what is no event of the prompt are 400 with what to do",
        arguments: ["x", "1", "1.-1", "1.1", "1.9999999", "9.0", "1.0, 1.23", "0.1"]
    )
    func badPlace(event: String) async throws {
        let rig = Gateway.held { _ in Self.script(isHeld: false) }
        try await rig.with { rig, client in
            let id = try await rig.submit()
            _ = try await client.events(id)
            let refused = try await client.send(
                .get,
                "/v1/prompts/\(id)/events",
                nil,
                .one("Last-Event-ID", event)
            )
            // Every place in an older attempt than the newest, were it none, leads to the newest.
            guard event != "0.1" else { return #expect(refused.text == Self.expected(id)) }
            #expect(refused.status == 400)
            #expect(try refused.pointers() == ["Last-Event-ID"])
            #expect(refused.text.contains("leave the field out"))
        }
    }

    @Test("are their owner's, and need jobs:read")
    func isolation() async throws {
        try await Gateway.held { _ in Self.script(isHeld: false) }.with { rig, client in
            let id = try await rig.submit()
            let other = try await rig.tokens.create(TokenOrder(name: "other"), actor: "operator").text.reveal { $0 }
            let path = "/v1/prompts/\(id)/events"
            let stranger = Client(client: client.client, token: other)
            #expect(try await stranger.send(.get, path).status == 404)
            #expect(try await stranger.send(.get, path, nil, .one("Last-Event-ID", "1.0")).status == 404)
            #expect(try await client.send(.get, "/v1/prompts/nonsense/events").status == 404)
            let writer = TokenOrder(name: "writer", scopes: [.jobsWrite])
            let blind = try await rig.tokens.create(writer, actor: "operator").text.reveal { $0 }
            #expect(try await Client(client: client.client, token: blind).send(.get, path).status == 403)
            #expect(try await client.send(.post, path).status == 405)
        }
    }

    @Test("answer HEAD at once, and the connection serves on")
    func head() async throws {
        try await Gateway.held().with { rig, client in
            let id = try await rig.submit()
            let text = try await RawClient.with(port: client.port) { raw in
                try await raw.send(client.eventsRequest(id, method: "HEAD"))
                _ = await raw.read(until: "\r\n\r\n")
                try await raw.send("GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                return await raw.readToEnd()
            }
            #expect(text.contains("text/event-stream"))
            #expect(text.components(separatedBy: "HTTP/1.1 200 ").count == 3)
            _ = try await rig.engine.cancel(#require(JobID(id)), owner: nil, audit: nil)
        }
    }

    @Test("close without an end when the gateway stops, though the call goes on, and can be read on afterwards")
    func stop() async throws {
        let rig = Gateway.held { _ in Self.script() }
        let (id, text) = try await rig.with { rig, client in
            let id = try await rig.submit()
            let text = try await RawClient.with(port: client.port) { raw in
                try await raw.send(client.eventsRequest(id))
                _ = await raw.read(until: "event: attempt")
                rig.transport.release(1)
                _ = await raw.read(until: "data: one")
                rig.engine.drain()
                return await raw.read(until: "0\r\n\r\n")
            }
            for _ in Self.pieces { rig.transport.release(1) }
            return (id, text)
        }
        #expect(text.hasSuffix("0\r\n\r\n"))
        #expect(!text.contains("event: end"))
        try await Gateway.held(store: rig.store, clock: rig.clock).with { _, client in
            let rest = try await client.events(id, after: "1.34")
            #expect(rest == Self.rest(of: Self.expected(id), behind: "1.34"))
        }
    }

    @Test("are refused with 503 while the streams take all the memory they may")
    func noRoom() async throws {
        let rig = Gateway.held(memory: 10) { _ in Self.script() }
        try await rig.with { rig, client in
            let id = try await rig.submit()
            try await rig.transport.waitForCalls(1)
            rig.transport.release(1)
            while rig.engine.memory.hasRoom {
                try Task.checkCancellation()
                await Task.yield()
            }
            let refused = try await client.send(.get, "/v1/prompts/\(id)/events")
            #expect(refused.status == 503)
            #expect(refused.headers[.retryAfter] == "1")
            #expect(try refused.field("type") == "urn:sluice:problem:busy")
            for _ in Self.pieces { rig.transport.release(1) }
        }
    }
}
