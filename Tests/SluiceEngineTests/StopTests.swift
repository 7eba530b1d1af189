import SluiceEngine
import SluiceProvider
import SluiceRig
import SluiceStore
import SluiceTesting
import SluiceTypes
import Testing

/// What becomes of jobs when the engine stops, or its store fails it.
@Suite(.timeLimit(.minutes(1)))
struct StopTests {
    private static let noGrace = EngineSettings(grace: .zero, backoff: .zero)

    @Test(arguments: [OnUnknown.retry, .deadLetter])
    func whatWasNotSentWhenTheGraceEndsIsReleased(onUnknown: OnUnknown) async throws {
        var connecting = Rig.answer.held
        connecting.isSent = false
        let script = connecting
        let rig = Rig(settings: Self.noGrace) { _, _ in script }
        let id = try await rig.submit(onUnknown: onUnknown)
        try await rig.run { rig in try await rig.transport.waitForCalls(1) }
        let job = try #require(try await rig.store.job(id, owner: nil))
        #expect(job.state == .queued)
        #expect(!job.possiblyCharged)
        #expect(job.attempts == 0)
        #expect(try await rig.store.attempts(id, owner: nil)?.map(\.outcome) == [.released])
    }

    @Test func whatWasSentWhenTheGraceEndsFollowsItsPolicy() async throws {
        let rig = Rig(settings: Self.noGrace) { _, _ in Rig.answer.held }
        let id = try await rig.submit(onUnknown: .deadLetter)
        try await rig.run { rig in try await rig.transport.waitForCalls(1) }
        let job = try #require(try await rig.store.job(id, owner: nil))
        #expect(job.state == .dead)
        #expect(job.errorClass == .interrupted)
        #expect(job.possiblyCharged)
    }

    @Test func aCancelledJobWhoseRequestWasNotSentIsNotCharged() async throws {
        var connecting = Rig.answer.held
        connecting.isSent = false
        let script = connecting
        try await Rig { _, _ in script }.run { rig in
            let id = try await rig.submit()
            try await rig.transport.waitForCalls(1)
            #expect(try await rig.engine.cancel(id, owner: nil, audit: nil) == .cancelled(wasRunning: true))
            let attempts = try await rig.attempts(id) { $0.first?.outcome == .released }
            #expect(attempts.count == 1)
            #expect(try await rig.store.job(id, owner: nil)?.possiblyCharged == false)
        }
    }

    @Test func nothingIsClaimedOnceAStopIsAnnounced() async throws {
        let rig = Rig(rows: [Rig.row(concurrency: 1)]) { _, _ in Rig.answer.held }
        let ids = [try await rig.submit(), try await rig.submit()]
        // Without a group that would tell it to stop: the announcement alone must do.
        let running = Task { try await rig.engine.run() }
        try await rig.transport.waitForCalls(1)
        rig.engine.drain()
        rig.transport.release(1)
        try await running.value
        #expect(rig.transport.calls.count == 1)
        #expect(try await rig.store.job(ids[0], owner: nil)?.state == .succeeded)
        let rest = try #require(try await rig.store.job(ids[1], owner: nil))
        #expect(rest.state == .queued)
        #expect(rest.attempts == 0)
    }

    @Test func whatComesDuringTheDrainDelayIsStillRun() async throws {
        let settings = EngineSettings(drainDelay: .seconds(60), backoff: .zero)
        let rig = Rig(settings: settings) { _, _ in Rig.answer }
        let running = Task { try await rig.engine.run() }
        await rig.engine.whenReady()
        rig.engine.drain()
        #expect(rig.engine.isDraining && !rig.engine.isStopping)
        for _ in 0..<3 { #expect(try await rig.ended(rig.submit()).state == .succeeded) }
        // The dispatcher, the sweeper and the delay itself.
        try await rig.clock.waitForSleepers(3)
        rig.clock.advance(by: .seconds(60))
        try await running.value
        #expect(rig.engine.isStopping)
        let late = try await rig.submit()
        #expect(try await rig.store.job(late, owner: nil)?.state == .queued)
    }

    @Test func aClaimWhoseAnswerIsLostIsRescued() async throws {
        try await Rig(script: { _, _ in Rig.answer }).run { rig in
            let id = try await rig.submit(runAt: .seconds(10))
            // A store that is ill by then keeps the engine from starting.
            await rig.engine.whenReady()
            rig.store.set(outage: .losingAnswers(StoreError(.unavailable, "the disk is ill")))
            // Step by step, since a pause that is about to begin begins behind the step; and not for so long that the job's own time is over.
            func step() async {
                if rig.clock.now.sinceStart < .seconds(36_000), rig.clock.sleepers >= 2 {
                    rig.clock.advance(by: .milliseconds(500))
                }
                await Task.yield()
            }
            while !rig.log.has("no jobs can be claimed") { await step() }
            #expect(rig.transport.calls.isEmpty)
            rig.store.set(outage: nil)
            while rig.transport.calls.isEmpty { await step() }
            let job = try await rig.ended(id)
            #expect(job.state == .succeeded)
            #expect(job.interrupts == 1)
        }
    }

    @Test func anAnswerIsKeptUntilTheStoreTakesItAndNothingIsClaimedMeanwhile() async throws {
        try await Rig { _, number in number == 1 ? Rig.answer.held : Rig.answer }.run { rig in
            let first = try await rig.submit()
            try await rig.transport.waitForCalls(1)
            let second = try await rig.submit(runAt: .seconds(1))
            rig.store.set(outage: .refusing(StoreError(.full, "the disk is full")))
            rig.transport.release(1)
            // The dispatcher, the sweeper, and the settlement that waits for its next try.
            try await rig.clock.waitForSleepers(3)
            for _ in 0..<5 {
                rig.clock.advance(by: .seconds(3))
                try await rig.clock.waitForSleepers(3)
            }
            #expect(rig.transport.calls.count == 1)
            rig.store.set(outage: nil)
            while rig.transport.calls.count < 2 {
                rig.clock.advance(by: .seconds(1))
                await Task.yield()
            }
            for id in [first, second] { #expect(try await rig.ended(id).state == .succeeded) }
            #expect(rig.transport.calls.count == 2)
        }
    }
}
