import SluiceTesting
import SluiceTypes
import Testing

@Suite struct ManualClockTests {
    @Test func sleepersWakeWhenTheirMomentHasCome() async throws {
        let clock = ManualClock(start: Timestamp(milliseconds: 1000))
        async let first: Void = clock.sleep(for: .seconds(5))
        async let second: Void = clock.sleep(for: .seconds(9))
        try await clock.waitForSleepers(2)
        clock.advance(by: .seconds(4))
        #expect(clock.sleepers == 2)
        clock.advance(by: .seconds(1))
        try await first
        #expect(clock.sleepers == 1)
        #expect(clock.advanceToNextSleeper())
        try await second
        #expect(clock.timestamp == Timestamp(milliseconds: 10_000))
        #expect(!clock.advanceToNextSleeper())
    }

    @Test func aSleepIntoThePastReturnsAtOnce() async throws {
        let clock = ManualClock()
        clock.advance(by: .seconds(1))
        try await clock.sleep(until: ManualClock.Instant(sinceStart: .seconds(1)), tolerance: nil)
        #expect(clock.sleepers == 0)
    }

    @Test func aCancelledSleepEnds() async throws {
        let clock = ManualClock()
        await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await clock.sleep(for: .seconds(5)) }
            try? await clock.waitForSleepers(1)
            group.cancelAll()
            await #expect(throws: CancellationError.self) { try await group.next() }
        }
        #expect(clock.sleepers == 0)
    }

    @Test func aSleepThatWasCancelledBeforeItBeganEnds() async {
        let clock = ManualClock()
        await withThrowingTaskGroup(of: Void.self) { group in
            group.cancelAll()
            group.addTask { try await clock.sleep(for: .seconds(5)) }
            await #expect(throws: CancellationError.self) { try await group.next() }
        }
        #expect(clock.sleepers == 0)
    }
}
