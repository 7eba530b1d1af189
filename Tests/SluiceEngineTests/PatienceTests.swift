import SluiceEngine
import SluiceProvider
import SluiceRig
import SluiceStore
import SluiceTesting
import SluiceTypes
import Testing

/// What the engine does while a provider, a credential or a job makes it wait.
@Suite(.timeLimit(.minutes(1)))
struct PatienceTests {
    @Test func nobodyWaitsForAMomentWhileAProbeIsUnderWay() async throws {
        let rig = Rig { _, number in number == 1 ? Rig.refusal(401) : Rig.answer.held }
        try await rig.run { rig in
            let first = try await rig.submit()
            _ = try await rig.attempts(first) { $0.first?.outcome == .deferred }
            let others = [first, try await rig.submit()]
            try await rig.advance(by: .seconds(61))
            try await rig.transport.waitForCalls(2)
            let queued = try await rig.store.jobs(JobQuery(owner: nil, state: .queued, limit: 10))
            let waiting = try #require(queued.first.flatMap { rig.engine.waiting($0) })
            #expect(waiting.forOperators.reason?.contains("refused") == true)
            // A moment that has come, or is over, would make the dispatcher look without end.
            #expect(waiting.nextAttemptAt == nil)
            rig.transport.release(2)
            try await rig.transport.waitForCalls(3)
            rig.transport.release(3)
            for id in others { #expect(try await rig.ended(id).state == .succeeded) }
        }
    }

    @Test func aModelThatIsTakenOutOfTheFileEndsItsJobsAtTheirPatience() async throws {
        var settings = EngineSettings(backoff: .zero)
        settings.patience = .seconds(25)
        let rig = Rig(rows: [Rig.row(concurrency: 1)], settings: settings) { _, _ in Rig.answer.held }
        try await rig.run { rig in
            _ = try await rig.submit()
            try await rig.transport.waitForCalls(1)
            let waiting = try await rig.submit()
            // The sweeps come at 10, 20 and 30 seconds; the model goes at 5.
            try await rig.advance(by: .seconds(5))
            rig.engine.reload(Catalogue(rows: []))
            for pause in [5, 10, 9] { try await rig.advance(by: .seconds(pause)) }
            #expect(try await rig.store.job(waiting, owner: nil)?.state == .queued)
            try await rig.advance(by: .seconds(1))
            let job = try await rig.ended(waiting)
            #expect((job.state, job.errorClass) == (.dead, .invalidModel))
            rig.transport.release(1)
        }
    }

    @Test func aProbeThatIsAskedToWaitHoldsTheOthersForAsLong() async throws {
        let rig = Rig { _, number in
            switch number {
            case 1: Rig.refusal(401)
            case 2: Rig.refusal(429, headers: [HeaderField("retry-after", "600")])
            default: Rig.answer
            }
        }
        try await rig.run { rig in
            let probe = try await rig.submit()
            _ = try await rig.attempts(probe) { $0.first?.outcome == .deferred }
            try await rig.advance(by: .seconds(61))
            _ = try await rig.attempts(probe) { $0.count { $0.outcome == .deferred } == 2 }
            let other = try await rig.submit()
            let waiting = try #require(try await rig.store.job(other, owner: nil).flatMap { rig.engine.waiting($0) })
            #expect(waiting.nextAttemptAt == rig.clock.timestamp.adding(.seconds(600)))
            try await rig.advance(by: .seconds(601))
            #expect(try await rig.ended(other).state == .succeeded)
        }
    }

    @Test func aProviderThatSaysAtOnceIsNotCalledAtOnce() async throws {
        let rig = Rig { _, number in
            number <= 3 ? Rig.refusal(429, headers: [HeaderField("retry-after", "0")]) : Rig.answer
        }
        try await rig.run { rig in
            let id = try await rig.submit()
            for (count, floor) in [(1, 100), (2, 200), (3, 400)] {
                _ = try await rig.attempts(id) { $0.filter { $0.outcome == .deferred }.count == count }
                let job = try #require(try await rig.store.job(id, owner: nil))
                #expect(rig.engine.waiting(job)?.nextAttemptAt == rig.clock.timestamp.adding(.milliseconds(floor)))
                #expect(rig.transport.calls.count == count)
                try await rig.advance(by: .milliseconds(Int64(floor)))
            }
            #expect(try await rig.ended(id).state == .succeeded)
        }
    }

    @Test func withoutAWishThePauseDoublesUpToAMinute() async throws {
        let rig = Rig { _, number in number <= 6 ? Rig.refusal(429) : Rig.answer }
        try await rig.run { rig in
            let id = try await rig.submit()
            for (count, pause) in [(1, 5), (2, 10), (3, 20), (4, 40), (5, 60), (6, 60)] {
                _ = try await rig.attempts(id) { $0.filter { $0.outcome == .deferred }.count == count }
                let job = try #require(try await rig.store.job(id, owner: nil))
                #expect(rig.engine.waiting(job)?.nextAttemptAt == rig.clock.timestamp.adding(.seconds(pause)))
                try await rig.advance(by: .seconds(pause))
            }
            let job = try await rig.ended(id)
            #expect(job.state == .succeeded)
            #expect(job.failures == 0)
        }
    }

    @Test(arguments: [503, 529])
    func anOverloadedProviderThatAsksToWaitCostsNothing(status: Int) async throws {
        let rig = Rig { _, number in
            number == 1 ? Rig.refusal(status, headers: [HeaderField("retry-after", "30")]) : Rig.answer
        }
        try await rig.run { rig in
            let id = try await rig.submit()
            _ = try await rig.attempts(id) { $0.first?.outcome == .deferred }
            try await rig.advance(by: .seconds(31))
            let job = try await rig.ended(id)
            #expect(job.state == .succeeded)
            #expect(job.failures == 0)
        }
    }

    @Test(arguments: [503, 529])
    func anOverloadedProviderThatDoesNotAskCountsAsAFailure(status: Int) async throws {
        try await Rig { _, _ in Rig.refusal(status) }.run { rig in
            let job = try await rig.ended(rig.submit())
            #expect(job.errorClass == .overloaded)
            #expect(job.failures == 2)
            #expect(rig.transport.calls.count == 2)
        }
    }

    @Test func aWindowIsClosedForItsModelAlone() async throws {
        let rig = Rig(rows: [Rig.row(models: ["m", "n"])]) { _, number in
            number == 1 ? Rig.refusal(429, headers: [HeaderField("retry-after", "30")]) : Rig.answer
        }
        try await rig.run { rig in
            let first = try await rig.submit()
            _ = try await rig.attempts(first) { $0.first?.outcome == .deferred }
            let job = try #require(try await rig.store.job(first, owner: nil))
            #expect(rig.engine.waiting(job)?.nextAttemptAt == rig.clock.timestamp.adding(.seconds(30)))
            #expect(try await rig.ended(rig.submit(model: "n")).state == .succeeded)
            #expect(rig.engine.rows.first?.models.map(\.model) == ["m"])
            try await rig.advance(by: .seconds(31))
            #expect(try await rig.ended(first).state == .succeeded)
        }
    }

    @Test func aModelUnknownToOneRowWaitsForTheWindowOfTheOther() async throws {
        let rows = [Rig.row("a"), Rig.row("b", priority: 1)]
        let rig = Rig(rows: rows) { call, number in
            if call.url.contains("/a/") { return Rig.refusal(404) }
            return number == 2 ? Rig.refusal(429, headers: [HeaderField("retry-after", "30")]) : Rig.answer
        }
        try await rig.run { rig in
            let first = try await rig.submit()
            _ = try await rig.attempts(first) { $0.last?.outcome == .deferred }
            let second = try await rig.submit()
            _ = try await rig.attempts(second) { $0.last?.outcome == .failed }
            let job = try #require(try await rig.store.job(second, owner: nil))
            #expect(job.state == .queued)
            #expect(job.runAt == rig.clock.timestamp.adding(.seconds(30)))
            try await rig.advance(by: .seconds(31))
            for id in [first, second] {
                let job = try await rig.ended(id)
                #expect(job.state == .succeeded)
                #expect(job.failures == 0)
                #expect(job.lastAttempt?.start.row == "b")
            }
        }
    }

    @Test(arguments: [401, 403])
    func aRefusedKeyIsFollowedByTheNextRow(status: Int) async throws {
        let rows = [Rig.row("a"), Rig.row("b", priority: 1)]
        let rig = Rig(rows: rows) { call, _ in call.url.contains("/a/") ? Rig.refusal(status) : Rig.answer }
        try await rig.run { rig in
            let job = try await rig.ended(rig.submit())
            #expect(job.state == .succeeded)
            #expect(job.attempts == 2)
            #expect(job.failures == 0)
        }
    }

    @Test func aJobPastItsDeadlineIsNotSentWhenAPlaceIsFree() async throws {
        let settings = EngineSettings(backoff: .zero, sweepInterval: .seconds(86_400))
        let rig = Rig(rows: [Rig.row(concurrency: 1)], settings: settings) { _, _ in Rig.answer.held }
        try await rig.run { rig in
            let first = try await rig.submit()
            try await rig.transport.waitForCalls(1)
            let second = try await rig.submit(deadline: .seconds(60))
            try await rig.advance(by: .seconds(61))
            rig.transport.release(1)
            #expect(try await rig.ended(first).state == .succeeded)
            let job = try await rig.ended(second)
            #expect(job.state == .dead)
            #expect(job.errorClass == .expired)
            #expect(job.attempts == 0)
            #expect(rig.transport.calls.count == 1)
        }
    }

    @Test func heldJobsDieWhenPatienceEndsUnlessTheyHaveADeadlineOfTheirOwn() async throws {
        let settings = EngineSettings(patience: .seconds(60), backoff: .zero)
        let rig = Rig(rows: [Rig.row(unavailable: "KEY is not set")], settings: settings) { _, _ in Rig.answer }
        try await rig.run { rig in
            let patient = try await rig.submit(deadline: .seconds(3600))
            let plain = try await rig.submit()
            // Each sweep sees the group held; the second is later than the patience.
            for _ in 0..<13 { try await rig.advance(by: .seconds(10)) }
            let dead = try await rig.ended(plain)
            #expect(dead.errorClass == .expired)
            #expect(try await rig.store.job(patient, owner: nil)?.state == .queued)
            try await rig.advance(by: .seconds(3600))
            #expect(try await rig.ended(patient).errorClass == .expired)
        }
    }

    @Test func aProviderThatAsksToWaitIsBornUntilTheJobsOwnDeadline() async throws {
        let settings = EngineSettings(patience: .seconds(60), backoff: .zero)
        let rig = Rig(settings: settings) { _, _ in Rig.refusal(429, headers: [HeaderField("retry-after", "40")]) }
        try await rig.run { rig in
            let id = try await rig.submit(deadline: .seconds(200))
            for count in 1...4 {
                _ = try await rig.attempts(id) { $0.filter { $0.outcome == .deferred }.count == count }
                try await rig.advance(by: .seconds(41))
            }
            _ = try await rig.attempts(id) { $0.filter { $0.outcome == .deferred }.count == 5 }
            try await rig.advance(by: .seconds(41))
            let job = try await rig.ended(id)
            #expect(job.errorClass == .expired)
            #expect(job.failures == 0)
        }
    }

    @Test func aModelThatNobodyServesAfterAReloadIsHeldAndGoesOnAfterTheNext() async throws {
        let rig = Rig(rows: [Rig.row(concurrency: 1)]) { _, _ in Rig.answer }
        try await rig.run { rig in
            let id = try await rig.submit(runAt: .seconds(10))
            rig.engine.reload(Catalogue(rows: [Rig.row(models: ["other"])]))
            try await rig.advance(by: .seconds(11))
            let job = try #require(try await rig.store.job(id, owner: nil))
            #expect(rig.engine.waiting(job)?.reason?.contains("no provider row serves") == true)
            rig.engine.reload(Catalogue(rows: [Rig.row()]))
            #expect(try await rig.ended(id).state == .succeeded)
        }
    }

    @Test func aRowThatOpensTakesJobsWhileTheOtherIsFull() async throws {
        let rows = [Rig.row("a", concurrency: 1), Rig.row("b", priority: 1, concurrency: 1)]
        let rig = Rig(rows: rows) { call, number in
            if call.url.contains("/b/") { return Rig.answer.held }
            return number == 1 ? Rig.refusal(429, headers: [HeaderField("retry-after", "2")]).held : Rig.answer
        }
        try await rig.run { rig in
            let first = try await rig.submit()
            try await rig.transport.waitForCalls(1)
            // Due and without a permit before the window closes: so its end is no news to the dispatcher.
            let second = try await rig.submit()
            let third = try await rig.submit()
            rig.transport.release(1)
            // The first goes on to the other row, and fills it.
            _ = try await rig.attempts(first) { $0.first?.outcome == .deferred }
            try await rig.transport.waitForCalls(2)
            // Less than the dispatcher's longest sleep: it has to know when the closed row opens.
            try await rig.advance(by: .milliseconds(2100))
            for id in [second, third] { #expect(try await rig.ended(id).lastAttempt?.start.row == "a") }
            rig.transport.release(2)
            #expect(try await rig.ended(first).lastAttempt?.start.row == "b")
        }
    }

    @Test func aPlaceThatIsExchangedIsGivenToWhoWaitsForIt() async throws {
        let rows = [Rig.row("a", models: ["x", "y"], concurrency: 1), Rig.row("b", models: ["x"], priority: 1)]
        let rig = Rig(rows: rows) { call, number in
            if number == 1 { return Rig.refusal(404).held }
            return call.url.contains("/b/") ? Rig.answer.held : Rig.answer
        }
        try await rig.run { rig in
            let first = try await rig.submit(model: "x")
            try await rig.transport.waitForCalls(1)
            let second = try await rig.submit(model: "y")
            try await rig.clock.waitForSleepers(2)
            rig.transport.release(1)
            // The clock stands still: only a ring can wake the dispatcher.
            #expect(try await rig.ended(second).lastAttempt?.start.row == "a")
            try await rig.transport.waitForCalls(3)
            let number = try #require(rig.transport.calls.firstIndex { $0.url.contains("/b/") })
            rig.transport.release(number + 1)
            #expect(try await rig.ended(first).lastAttempt?.start.row == "b")
        }
    }
}
