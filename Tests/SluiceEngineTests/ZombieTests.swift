import SluiceEngine
import SluiceRig
import SluiceStore
import SluiceTesting
import SluiceTypes
import Testing

/// A process that was stopped while it ran a call, and goes on after another has taken its jobs over.
@Suite(.timeLimit(.minutes(1)))
struct ZombieTests {
    /// What was stored before the stopped process went on, after that, and in the end.
    private struct Story {
        var before: JobRecord
        var after: JobRecord
        var end: JobRecord
        var attempts: [AttemptRecord]
    }

    /// Two lives on one store, each with its call held; `finishesFirst` lets the new one finish before the old goes on.
    private func play(_ store: MemoryStore, finishesFirst: Bool) async throws -> Story {
        let clock = ManualClock()
        // Its one permit is taken by the held call: a process that is stopped claims nothing.
        let stopped = Rig(rows: [Rig.row(concurrency: 1)], store: store, clock: clock) { _, _ in
            Self.answer("from the old life").held
        }
        let next = Rig(store: store, clock: clock) { _, _ in Self.answer("from the new life").held }
        var story: Story?
        try await stopped.run { stopped in
            let id = try await stopped.submit()
            try await stopped.transport.waitForCalls(1)
            try await next.run { next in
                try await next.transport.waitForCalls(1)
                if finishesFirst {
                    next.transport.release(1)
                    _ = try await next.ended(id)
                }
                let before = try #require(try await store.job(id, owner: nil))
                stopped.transport.release(1)
                _ = try await stopped.attempts(id) { $0.first?.outcome != .interrupted }
                let after = try #require(try await store.job(id, owner: nil))
                next.transport.release(1)
                let end = try await next.ended(id)
                let attempts = try #require(try await store.attempts(id, owner: nil))
                story = Story(before: before, after: after, end: end, attempts: attempts)
            }
        }
        return try #require(story)
    }

    private static func answer(_ text: String) -> ReplayScript {
        .answer(
            #"{"id":"\#(text)","choices":[{"message":{"role":"assistant","content":"\#(text)"},"#
                + #""finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":1,"total_tokens":4}}"#
        )
    }

    @Test(arguments: [false, true])
    func aProcessThatGoesOnChangesNothingOfAJobThatAnotherHas(finishesFirst: Bool) async throws {
        let story = try await play(MemoryStore(), finishesFirst: finishesFirst)
        #expect(String(reflecting: story.after) == String(reflecting: story.before))
        #expect(story.end.state == .succeeded)
        #expect(story.end.result?.text == "from the new life")
        #expect(story.end.epoch == 3)
        #expect(story.attempts.map(\.outcome) == [.late, .ok])
        #expect(story.attempts.first?.report?.upstreamID == "from the old life")
        #expect(story.attempts.first?.report?.entry?.usage?.totalTokens == 4)
    }

    @Test func withoutTheEpochItWouldTakeTheJob() async throws {
        let story = try await play(MemoryStore(fault: .ignoresEpoch), finishesFirst: false)
        #expect(story.end.result?.text == "from the old life")
        #expect(String(reflecting: story.after) != String(reflecting: story.before))
    }
}
