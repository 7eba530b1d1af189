import SluiceProvider
import SluiceRig
import SluiceStore
import SluiceTesting
import SluiceTypes
import Testing

@testable import SluiceEngine

/// A provider keeps answers of its own; what their callers delete here goes there too.
@Suite("What a deleted response left with its provider", .timeLimit(.minutes(1)))
struct UpstreamDeleterTests {
    private static let rows = [Rig.row("up", adapter: Rig.responses, formats: [.openAIResponses])]
    private static let answer = ReplayScript.answer(ChatFormat.responses.answer("hi", id: "resp_up"))

    /// An engine whose provider answers, and meets deletions with `meeting`.
    private static func rig(_ store: MemoryStore, _ clock: ManualClock, _ meeting: ReplayScript) -> Rig {
        Rig(rows: rows, store: store, clock: clock) { call, _ in call.method == "DELETE" ? meeting : answer }
    }

    /// Lets the clock go on until the provider was called `count` times; how long that took.
    private static func called(_ count: Int, _ rig: Rig) async throws -> Duration {
        let start = rig.clock.now
        while rig.transport.calls.count < count {
            try Task.checkCancellation()
            if rig.clock.sleepers >= 2 { rig.clock.advance(by: .seconds(10)) }
            await Task.yield()
        }
        return start.duration(to: rig.clock.now)
    }

    @Test(
        "is asked for again, and each time later, by the next life too, until it is deleted",
        arguments: [
            ReplayScript.failure(TransportError(.refused, requestSent: false, "It is away.")),
            .answer(status: 503, "{}"),
            .answer(status: 401, "{}"),
        ]
    )
    func again(_ meeting: ReplayScript) async throws {
        let (store, clock) = (MemoryStore(), ManualClock())
        try await Self.rig(store, clock, meeting).run { rig in
            let body = ChatFormat.responses.request("m")
            let job = rig.job(body, surface: .responses, format: .openAIResponses)
            #expect(try await rig.engine.submit(job) == .created(job.id))
            _ = try await rig.ended(job.id)
            let kept = try await store.attempts(job.id, owner: Rig.owner)?.compactMap { KeptUpstream($0) } ?? []
            #expect(kept.map(\.upstreamID) == ["resp_up"])
            let deletion = try await rig.engine.deleteBodies(job.id, owner: Rig.owner, upstream: kept)
            #expect(deletion == .deleted(dead: []))
            try await rig.transport.waitForCalls(2)
            for (count, pause) in [(3, 30), (4, 60)] {
                #expect(try await Self.called(count, rig) >= .seconds(pause))
            }
        }
        try await Self.rig(store, clock, .answer("{}")).run { rig in
            #expect(try await Self.called(1, rig) >= .seconds(100))
            #expect(rig.transport.calls.first?.url == "http://up.test/up/responses/resp_up")
            // It is asked for no more.
            while try await Self.isOwed(store, at: rig.wall.time(clock)) { try Task.checkCancellation() }
        }
    }

    @Test("is deleted while another provider hangs that was to be told before")
    func beside() async throws {
        let rows = ["hangs", "well"].map {
            Rig.row($0, adapter: Rig.responses, formats: [.openAIResponses], models: [$0])
        }
        let store = MemoryStore()
        try await Rig(rows: rows, store: store, clock: ManualClock()) { call, _ in
            guard call.method == "DELETE" else { return Self.answer }
            return call.url.contains("hangs") ? ReplayScript([.hold]) : .answer("{}")
        }.run { rig in
            for model in ["hangs", "well"] {
                let job = rig.job(
                    ChatFormat.responses.request(model),
                    model: model,
                    surface: .responses,
                    format: .openAIResponses
                )
                #expect(try await rig.engine.submit(job) == .created(job.id))
                _ = try await rig.ended(job.id)
                let kept = try await store.attempts(job.id, owner: Rig.owner)?.compactMap { KeptUpstream($0) } ?? []
                _ = try await rig.engine.deleteBodies(job.id, owner: Rig.owner, upstream: kept)
            }
            // The clock stands still: the one that hangs does so all the while.
            try await rig.transport.waitForCalls(4)
            let later = rig.wall.time(rig.clock).adding(.seconds(7200))
            var owed = ["hangs", "well"]
            while owed != ["hangs"] {
                try Task.checkCancellation()
                owed = try await store.claimUpstreamDeletions(at: later, dueAgainAt: later, limit: 9).due.map(
                    \.kept.row
                )
            }
        }
    }

    /// Whether anything is still to be deleted, within the day in which it is tried.
    private static func isOwed(_ store: MemoryStore, at now: Timestamp) async throws -> Bool {
        let later = now.adding(.seconds(7200))
        return try await !store.claimUpstreamDeletions(at: later, dueAgainAt: later, limit: 9).due.isEmpty
    }
}
