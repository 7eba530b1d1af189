import SluiceProvider
import SluiceRig
import SluiceStore
import SluiceTesting
import SluiceTypes
import Testing

@testable import SluiceEngine

/// What the engine makes of a wall clock that jumps.
@Suite(.timeLimit(.minutes(1)))
struct ClockJumpTests {
    private static let day = Duration.seconds(86_400)
    private static let decade = day * 3650
    private static let start = Timestamp(milliseconds: 1_800_000_000_000)

    // MARK: What is believed

    @Test func aClockThatRunsIsBelieved() {
        var time = BelievedTime(Self.start, at: .zero)
        for hour in 1...1000 {
            let uptime = Duration.seconds(3600) * hour
            #expect(time.believe(Self.start.adding(uptime), at: uptime) == Self.start.adding(uptime))
        }
        // A sleep that both clocks have seen is no jump, however long.
        let later = Self.decade
        #expect(time.believe(Self.start.adding(later), at: later) == Self.start.adding(later))
    }

    @Test func aSmallLeadIsBelievedAtOnceAndALargeOneADayForEachHour() {
        var time = BelievedTime(Self.start, at: .zero)
        let set = Self.start.adding(.seconds(3599))
        #expect(time.believe(set, at: .zero) == set)
        let wrong = set.adding(Self.decade)
        #expect(time.believe(wrong, at: .zero) == set)
        #expect(time.believe(wrong.adding(.seconds(60)), at: .seconds(60)) == set.adding(.seconds(60 * 24)))
        #expect(time.believe(wrong.adding(.seconds(3600)), at: .seconds(3600)) == set.adding(Self.day))
        // Right again, and from there on as before.
        let right = set.adding(.seconds(3600))
        #expect(time.believe(right, at: .seconds(3600)) == right)
    }

    @Test func aLeadThatLastsIsCaughtUpWith() {
        var time = BelievedTime(Self.start, at: .zero)
        var hours = 0
        var wall = Self.start.adding(Self.day * 30)
        while time.believe(wall, at: .seconds(3600) * hours) < wall {
            hours += 1
            wall = wall.adding(.seconds(3600))
        }
        #expect(hours == 24, "\(hours) hours")
    }

    @Test func theWayForwardAgainIsFollowedAtOnceToo() {
        var time = BelievedTime(Self.start, at: .zero)
        let back = Self.start.adding(.zero - Self.decade)
        #expect(time.believe(back, at: .zero) == back)
        #expect(time.isBehind)
        let right = Self.start.adding(.seconds(600))
        #expect(time.believe(right, at: .seconds(600)) == right)
        #expect(!time.isBehind)
        #expect(time.peak == right)
    }

    @Test func aClockThatStaysBehindForADayIsTheRightOne() {
        var time = BelievedTime(Self.start.adding(Self.decade), at: .zero)
        for hour in 0...24 {
            let uptime = Duration.seconds(3600) * hour
            let wall = Self.start.adding(uptime)
            #expect(time.believe(wall, at: uptime) == wall)
            #expect((time.peak == wall) == (hour == 24))
        }
    }

    @Test func aClockThatGoesBackIsFollowedAtOnce() {
        var time = BelievedTime(Self.start, at: .zero)
        let back = Self.start.adding(.zero - Self.day)
        #expect(time.believe(back, at: .zero) == back)
        let clock = ManualClock()
        let wall = Wall()
        let trusted = TrustedClock(EngineTime(now: { wall.time(clock) }, clock: clock))
        clock.advance(by: .seconds(10))
        #expect(!trusted.hasGoneBack())
        wall.set(ahead: .seconds(-2))
        #expect(trusted.hasGoneBack())
        #expect(!trusted.hasGoneBack())
        wall.set(ahead: Self.day)
        #expect(!trusted.hasGoneBack())
    }

    // MARK: What is kept

    @Test func aClockThatIsTenYearsAheadForAMinutePurgesNothingAndTheTimeThatPassesDoes() async throws {
        try await Rig(script: { _, _ in Rig.answer }).run { rig in
            let id = try await rig.submit()
            _ = try await rig.ended(id)
            rig.wall.set(ahead: Self.decade)
            for _ in 0..<6 { try await sweep(rig) }
            #expect(try await rig.store.job(id, owner: nil) != nil)
            rig.wall.set(ahead: .zero)
            try await sweep(rig)
            #expect(try await rig.store.job(id, owner: nil) != nil)
            try await rig.advance(by: Self.day * 31)
            while try await rig.store.job(id, owner: nil) != nil {
                try Task.checkCancellation()
                rig.clock.advance(by: .seconds(10))
                await Task.yield()
            }
        }
    }

    @Test func aStartWithAWrongClockPurgesNothing() async throws {
        let store = MemoryStore()
        let first = Rig(store: store) { _, _ in Rig.answer }
        var id: JobID?
        try await first.run { rig in
            id = try await rig.submit()
            _ = try await rig.ended(id!)
            while try await store.notedTime() == nil { await Task.yield() }
        }
        // Twice, and with a job in between that was stored by the wrong clock.
        for _ in 1...2 {
            let wrong = Rig(store: store, wall: Wall(ahead: Self.decade)) { _, _ in Rig.answer }
            try await wrong.run { rig in
                _ = try await rig.ended(rig.submit())
                for _ in 0..<3 { try await sweep(rig) }
            }
            #expect(try await store.job(id!, owner: nil) != nil)
        }
    }

    // MARK: What waits

    @Test func aStartWithAClockThatIsBehindMovesNoJob() async throws {
        let store = MemoryStore()
        var id: JobID?
        try await Rig(store: store) { _, _ in Rig.answer }.run { rig in
            id = try await rig.submit(runAt: .seconds(600), deadline: .seconds(3600))
            try await rig.store.note(time: rig.wall.time(rig.clock))
        }
        let kept = try #require(try await store.job(id!, owner: nil))
        let behind = Rig(store: store, wall: Wall(ahead: .zero - Self.day * 40)) { _, _ in Rig.answer }
        try await behind.run { rig in
            for _ in 0..<3 { try await sweep(rig) }
            let job = try #require(try await store.job(id!, owner: nil))
            #expect(job.runAt == kept.runAt)
            #expect(job.deadlineAt == kept.deadlineAt)
            rig.wall.set(ahead: .zero)
            try await sweep(rig)
            #expect(try await store.job(id!, owner: nil)?.deadlineAt == kept.deadlineAt)
        }
    }

    @Test func noDeadlineIsOverBecauseTheClockJumped() async throws {
        let rig = Rig(rows: [Rig.row(), Rig.row("other", models: ["n"], unavailable: "it is held")]) { _, _ in
            Rig.answer
        }
        try await rig.run { rig in
            let delayed = try await rig.submit(runAt: .seconds(600), deadline: .seconds(660))
            let held = try await rig.submit(model: "n", deadline: .seconds(3600))
            rig.wall.set(ahead: Self.decade)
            for _ in 0..<3 { try await sweep(rig) }
            // Early, because its moment has come by the clock; but not too late.
            #expect(try await rig.ended(delayed).state == .succeeded)
            #expect(try await rig.store.job(held, owner: nil)?.state == .queued)
            rig.wall.set(ahead: .zero)
            try await rig.advance(by: .seconds(3600))
            #expect(try await rig.ended(held).errorClass == .expired)
        }
    }

    @Test(arguments: [day, decade])
    func whatWasStoredByAClockThatWasAheadIsRunAllTheSame(ahead: Duration) async throws {
        let rig = Rig(wall: Wall(ahead: ahead)) { _, _ in Rig.answer }
        let id = try await rig.submit(deadline: .seconds(60))
        rig.wall.set(ahead: .zero)
        try await rig.run { rig in
            // Which of the two clocks is wrong shows when one has lasted.
            while try await rig.store.job(id, owner: nil)?.state == .queued {
                try Task.checkCancellation()
                try await sweep(rig)
            }
            let job = try await rig.ended(id)
            #expect(job.state == .succeeded)
            #expect(rig.clock.now.sinceStart < .seconds(3600))
            // It ended before it was made, as the clock tells it.
            #expect(job.updatedAt >= job.createdAt)
        }
    }

    @Test(arguments: [day, decade])
    func aRetryIsNotPutOffByAClockThatGoesBack(ahead: Duration) async throws {
        let settings = EngineSettings(backoff: .seconds(30))
        let rig = Rig(settings: settings) { _, number in number == 1 ? Rig.refusal(500) : Rig.answer }
        rig.wall.set(ahead: ahead)
        try await rig.run { rig in
            let id = try await rig.submit()
            _ = try await rig.attempts(id) { $0.first?.outcome == .failed }
            rig.wall.set(ahead: .zero)
            while try await rig.store.job(id, owner: nil)?.state != .succeeded {
                try Task.checkCancellation()
                try await rig.advance(by: .seconds(10))
                await Task.yield()
            }
            #expect(rig.clock.now.sinceStart < .seconds(3600))
        }
    }

    @Test func aJumpNeitherOpensARowNorEndsThePatience() async throws {
        let rig = Rig { _, number in
            number <= 2 ? Rig.refusal(429, headers: [HeaderField("retry-after", "30")]) : Rig.answer
        }
        try await rig.run { rig in
            let id = try await rig.submit()
            _ = try await rig.attempts(id) { $0.first?.outcome == .deferred }
            rig.wall.set(ahead: Self.decade)
            try await sweep(rig)
            try await rig.clock.waitForSleepers(2)
            #expect(rig.transport.calls.count == 1)
            try await rig.advance(by: .seconds(20))
            _ = try await rig.attempts(id) { $0.filter { $0.outcome == .deferred }.count == 2 }
            #expect(try await rig.store.job(id, owner: nil)?.state == .queued)
            try await rig.advance(by: .seconds(30))
            #expect(try await rig.ended(id).state == .succeeded)
        }
    }

    /// Lets the sweeper and the dispatcher look once.
    private func sweep(_ rig: Rig) async throws {
        try await rig.advance(by: .seconds(10))
        try await rig.clock.waitForSleepers(2)
    }
}
