import HTTPTypes
import SluiceEngine
import SluiceJSON
import SluiceStore
import SluiceTesting
import SluiceTokens
import SluiceTypes
import Testing

@testable import SluiceHTTP

/// What callers are told whose queue is full.
@Suite("A queue that is full", .timeLimit(.minutes(1)))
struct QueueLimitTests {
    private static let prompt = #"{"type":"chat","model":"m","prompt":"Hi","delaySeconds":3600}"#

    private static func gateway(_ wire: Wire = .chat) -> Gateway {
        .held(adapter: wire.adapter) { _, _ in .answer(wire.answer) }
    }

    private static func limit(_ rig: Gateway, _ limits: SpendingLimits?) async throws {
        let owner = try #require(try await rig.store.owner(named: "app")?.id)
        let entry = AuditEntry(at: .now(), actor: "test", action: "limits.set", subject: "", result: "")
        try await rig.engine.setLimits(of: .owner(owner), to: limits, audit: entry)
    }

    @Test("takes no prompt more, says when to come again, and takes one when another has gone")
    func prompts() async throws {
        try await Self.gateway().with(running: false) { rig, client in
            // Nothing is claimed, so that what comes in waits.
            try await rig.engine.prepare()
            try await Self.limit(rig, SpendingLimits(queued: 2))
            let first = try await client.send(.post, "/v1/prompts", Self.prompt, [.idempotencyKey: "k"])
            #expect(first.status == 202)
            #expect(try await client.send(.post, "/v1/prompts", Self.prompt).status == 202)
            let refused = try await client.send(.post, "/v1/prompts", Self.prompt)
            #expect(refused.status == 429)
            #expect(refused.headers[.retryAfter] == "60")
            #expect(refused.headers[.shouldRetry] == nil)
            let problem = try refused.json().root
            #expect(problem[key: "type"]?.string == "urn:sluice:problem:queue-full")
            #expect(problem[key: "detail"]?.string?.contains("2 queued jobs") == true)
            // Sending one again that is there is no new job.
            let again = try await client.send(.post, "/v1/prompts", Self.prompt, [.idempotencyKey: "k"])
            #expect(again.status == 202)
            let id = try #require(try first.json().root[key: "id"]?.string)
            #expect(try await client.send(.post, "/v1/prompts/\(id)/cancel").status < 300)
            #expect(try await client.send(.post, "/v1/prompts", Self.prompt).status == 202)
            #expect(try await client.send(.post, "/v1/prompts", Self.prompt).status == 429)
        }
    }

    @Test("takes no call more that is to be queued, in the words of its surface; others go on")
    func calls() async throws {
        try await Self.gateway().with(running: false) { rig, client in
            // Nothing is claimed, so that what comes in waits.
            try await rig.engine.prepare()
            try await Self.limit(rig, SpendingLimits(queued: 1))
            #expect(try await client.send(.post, "/v1/prompts", Self.prompt).status == 202)
            let refused = try await Wire.chat.send(client, nil, [.prefer: "respond-async"])
            #expect(refused.status == 429)
            #expect(refused.headers[.retryAfter] == "60")
            let error = try refused.json().root[key: "error"]
            #expect(error?[key: "type"]?.string == "rate_limit_error")
            #expect(error?[key: "code"]?.string == "rate_limit_exceeded")
            #expect(try await Wire.chat.send(client).status == 200)
        }
    }

    @Test("by its bytes says of a prompt that is larger than all of it that it never passes")
    func never() async throws {
        try await Self.gateway().with(running: false) { rig, client in
            // Nothing is claimed, so that what comes in waits.
            try await rig.engine.prepare()
            try await Self.limit(rig, SpendingLimits(queuedBytes: 10))
            let refused = try await client.send(.post, "/v1/prompts", Self.prompt)
            #expect(refused.status == 400)
            #expect(try refused.json().root[key: "type"]?.string == "urn:sluice:problem:never-passes")
        }
    }

    @Test("never takes more than it may, however many come at once")
    func crowd() async throws {
        try await Self.gateway().with(running: false) { rig, client in
            // Nothing is claimed, so that what comes in waits.
            try await rig.engine.prepare()
            try await Self.limit(rig, SpendingLimits(queued: 5))
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 1...30 { group.addTask { try await client.send(.post, "/v1/prompts", Self.prompt).status } }
                return try await group.reduce(into: [Int]()) { $0.append($1) }
            }
            let owner = try #require(try await rig.store.owner(named: "app")?.id)
            let stored = try await rig.store.queueSizes()[owner.rawValue]?.jobs ?? 0
            #expect(Int64(statuses.count { $0 == 202 }) == stored)
            #expect(stored <= 5 && stored > 0)
            #expect(statuses.allSatisfy { [202, 429].contains($0) })
        }
    }
}
