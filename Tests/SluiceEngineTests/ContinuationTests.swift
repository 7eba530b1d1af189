import SluiceRig
import SluiceStore
import SluiceTesting
import SluiceTypes
import Testing

@testable import SluiceEngine

/// What the engine makes of jobs that continue others, and of those that are not to be stored.
@Suite("Jobs that continue others, or are not to be stored", .timeLimit(.minutes(1)))
struct ContinuationTests {
    @Test("what a caller did not want stored goes with the sweep, and what others asked stays")
    func brief() async throws {
        try await Rig(script: { _, _ in Rig.answer }).run { rig in
            let kept = try await rig.submit()
            var job = rig.job(#"{"type":"chat","model":"m","prompt":"hello"}"#)
            job.facts.terms.keepsBodies = JobLimits.briefly
            #expect(try await rig.engine.submit(job) == .created(job.id))
            for id in [kept, job.id] { #expect(try await rig.ended(id).result != nil) }
            try await rig.advance(by: JobLimits.briefly + .seconds(1))
            while let record = try await rig.store.job(job.id, owner: nil), record.input != nil {
                try Task.checkCancellation()
                rig.clock.advance(by: .seconds(10))
                await Task.yield()
            }
            #expect(try await rig.store.job(kept, owner: nil)?.input != nil)
        }
    }

    @Test("an attempt remembers whose account it was made with")
    func account() async throws {
        try await Rig(script: { _, _ in Rig.answer }).run { rig in
            let id = try await rig.submit()
            _ = try await rig.ended(id)
            let account = try #require(try await rig.store.attempts(id, owner: nil)?.last?.start.account)
            #expect(account.utf8.count == 32)
        }
    }

    @Test("whoever waits for a job that continues a deleted one is told of its end")
    func withdrawn() async throws {
        try await Rig(script: { _, _ in Rig.answer }).run { rig in
            let first = try await rig.ended(rig.submit())
            var job = rig.job(#"{"type":"chat","model":"m","prompt":"hello"}"#, runAt: .seconds(9000))
            job.facts.ancestry = Ancestry(continuing: first)
            #expect(try await rig.engine.submit(job) == .created(job.id))
            let id = job.id
            async let end = rig.ended(id)
            let deletion = try await rig.engine.deleteBodies(first.id, owner: Rig.owner, upstream: [])
            #expect(deletion == .deleted(dead: [id]))
            #expect(try await end.errorClass == .previousGone)
        }
    }
}
