import HTTPTypes
import SluiceEngine
import SluiceJSON
import SluiceStore
import SluiceTesting
import SluiceTokens
import SluiceTypes
import Testing

@testable import SluiceHTTP

/// By what callers tell their calls apart.
@Suite("A tag", .timeLimit(.minutes(1)))
struct TagTests {
    private static func gateway(_ wire: Wire) -> Gateway {
        .held(adapter: wire.adapter) { _, _ in .answer(wire.answer) }
    }

    /// What `GET /v1/usage` tells of the days of the engine's clock, by some part.
    private static func usage(_ rig: Gateway, _ client: Client, _ query: String) async throws -> [JSONValue] {
        let day = rig.engine.time.now().description.prefix(10)
        let answer = try await client.send(.get, "/v1/usage?since=\(day)&\(query)")
        return try #require(try answer.json().root[key: "usage"]?.elements)
    }

    @Test("is the request's, else its token's, on every surface", arguments: Wire.all)
    func surfaces(wire: Wire) async throws {
        try await Self.gateway(wire).with { rig, client in
            let owner = try await rig.store.owner(named: "app")
            let tagged = try await rig.token("tagged") {
                $0.owner = owner?.name
                $0.tag = "own"
                $0.scopes = [.jobsRead, .jobsWrite, .usageRead, .usageOwner]
            }
            let other = Client(client: client.client, token: tagged)
            #expect(try await wire.send(client).status == 200)
            #expect(try await wire.send(other).status == 200)
            #expect(try await wire.send(other, nil, [.tag: "team-a:eu_1.2"]).status == 200)
            #expect(try await wire.send(other, nil, [.tag: ""]).status == 200)
            let tags = try await Self.usage(rig, other, "by=tag")
            let calls = Dictionary(tags.map { ($0[key: "tag"]?.string, $0[key: "calls"]?.integer) }) { $1 }
            #expect(calls == [nil: 1, "own": 2, "team-a:eu_1.2": 1])
            #expect(try await Self.usage(rig, other, "tag=own").map { $0[key: "calls"]?.integer } == [2])
        }
    }

    @Test("that is none is refused in the words of its surface, and nothing is asked", arguments: Wire.all)
    func faulty(wire: Wire) async throws {
        try await Self.gateway(wire).with { rig, client in
            for tag in ["=cmd|x", "a b", "ä", String(repeating: "x", count: 65)] {
                let refused = try await wire.send(client, nil, [.tag: tag])
                #expect(refused.status == 400)
                #expect(refused.text.contains("x-sluice-tag"))
            }
            #expect(rig.transport.calls.isEmpty)
        }
    }

    @Test("is kept of prompts as well, through the queue")
    func prompts() async throws {
        try await Self.gateway(.chat).with { rig, client in
            let body = #"{"type":"chat","model":"m","prompt":"Hi"}"#
            let answer = try await client.send(.post, "/v1/prompts", body, [.tag: "night", .prefer: "wait=20"])
            #expect(answer.status == 200)
            let tags = try await Self.usage(rig, client, "by=tag")
            #expect(tags.map { $0[key: "tag"]?.string } == ["night"])
            #expect(try await client.send(.post, "/v1/prompts", body, [.tag: "?"]).status == 400)
        }
    }

    @Test("and a conversation tell calls apart; the conversation is known by its name to its own callers")
    func sessions() async throws {
        try await Self.gateway(.chat).with { rig, client in
            _ = try await Wire.chat.send(client, nil, [.session: "thread-1"])
            _ = try await Wire.chat.send(client, nil, [.session: "thread-1"])
            _ = try await Wire.chat.send(client, nil, [.session: "thread-2"])
            let all = try await Self.usage(rig, client, "by=session")
            #expect(all.map { $0[key: "calls"]?.integer }.sorted { ($0 ?? 0) < ($1 ?? 0) } == [1, 2])
            #expect(!all.contains { $0[key: "session"]?.string?.contains("thread") == true })
            let one = try await Self.usage(rig, client, "session=thread-1")
            #expect(one.map { $0[key: "calls"]?.integer } == [2])
            let mark = try #require(all.first { $0[key: "calls"]?.integer == 2 }?[key: "session"]?.string)
            #expect(try await Self.usage(rig, client, "session=\(mark)").map { $0[key: "calls"]?.integer } == [2])
            #expect(try await Self.usage(rig, client, "session=nobody's").isEmpty)
        }
    }

    @Test("of a token must be one, and its successor has it")
    func tokens() async throws {
        let rig = Gateway()
        for tag in ["", "a b", String(repeating: "x", count: 65)] {
            await #expect(throws: (any Error).self) { _ = try await rig.token("faulty") { $0.tag = tag } }
        }
        _ = try await rig.token("first") { $0.tag = "own" }
        let token = try #require(try await rig.store.tokens(owner: nil).first { $0.name == "first" })
        let next = try await rig.tokens.rotate(token.id, grace: .zero, lifetime: nil, actor: "test")
        #expect(next.record.tag == "own")
    }
}
