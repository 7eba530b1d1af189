import SluiceTesting
import SluiceTypes
import Synchronization
import Testing

@testable import SluiceEngine

/// A number that tasks wait for.
private final class Number: Sendable {
    let monitor = Monitor(0)

    func isAtLeast(_ wanted: Int) -> @Sendable (Int) -> Int? {
        { $0 >= wanted ? $0 : nil }
    }
}

/// What was noted, in order.
private final class Notes: Sendable {
    private let notes = Mutex<[Int]>([])

    /// Adds a note; returns how many there are now.
    @discardableResult
    func add(_ note: Int) -> Int {
        notes.withLock { notes in
            notes.append(note)
            return notes.count
        }
    }

    var all: [Int] { notes.withLock { $0 } }
}

@Suite("A wait for a change", .timeLimit(.minutes(1)))
struct MonitorTests {
    /// What stands when the wait begins, and what it comes to.
    private struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var value = 0
        var isGone = false
        var isCancelled = false
        var end: Duration?
        var found: Int?
    }

    private static let cases = [
        Case(testDescription: "there already", value: 2, found: 2),
        Case(testDescription: "there, and whoever waits is gone", value: 2, isGone: true, found: 2),
        Case(testDescription: "there, and the task was cancelled", value: 2, isCancelled: true, found: 2),
        Case(testDescription: "there, and the time is over", value: 2, end: .zero, found: 2),
        Case(testDescription: "gone", isGone: true),
        Case(testDescription: "cancelled", isCancelled: true),
        Case(testDescription: "the time is over", end: .zero),
        Case(testDescription: "gone, within the time", isGone: true, end: .seconds(5)),
    ]

    @Test("is over at once where there is what it waits for, or nothing to wait for any more", arguments: cases)
    private func atOnce(_ wait: Case) async {
        let number = Number()
        number.monitor.change { $0 = wait.value }
        let gone = Signal()
        if wait.isGone { gone.fire() }
        let time = EngineTime(now: { .now() }, clock: ManualClock())
        let task = Task {
            while wait.isCancelled, !Task.isCancelled { await Task.yield() }
            return await number.monitor.wait(unless: gone, until: wait.end.map { ($0, time) }, number.isAtLeast(1))
        }
        if wait.isCancelled { task.cancel() }
        #expect(await task.value == wait.found)
    }

    @Test("ends with the change that brings it, and sleeps through the others")
    func change() async throws {
        let number = Number()
        let looks = Notes()
        async let found = number.monitor.wait { value -> Int? in
            looks.add(value)
            return value >= 3 ? value : nil
        }
        while looks.all.count < 3 { await Task.yield() }
        for value in 1...3 { number.monitor.change { $0 = value } }
        #expect(await found == 3)
        // Two at the beginning and one of the watch, one for each change, one once it is awake.
        #expect(looks.all.count <= 7)
    }

    @Test("lets everybody go whom a change concerns, and nobody else")
    func several() async throws {
        let number = Number()
        let order = Notes()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for wanted in [2, 1, 2, 3] {
                group.addTask {
                    let found = await number.monitor.wait(number.isAtLeast(wanted))
                    order.add(wanted)
                    #expect(found == wanted)
                }
            }
            for (value, count) in [(1, 1), (2, 3), (3, 4)] {
                number.monitor.change { $0 = value }
                while order.all.count < count {
                    try Task.checkCancellation()
                    await Task.yield()
                }
            }
        }
        #expect(order.all == [1, 2, 2, 3])
    }

    @Test("ends when whoever waits is gone, when its task is cancelled, and when its time is over")
    func ends() async throws {
        let (number, clock, gone) = (Number(), ManualClock(), Signal())
        let time = EngineTime(now: { .now() }, clock: clock)
        let leaving = Task { await number.monitor.wait(unless: gone, number.isAtLeast(1)) }
        let cancelled = Task { await number.monitor.wait(number.isAtLeast(1)) }
        let timed = Task { await number.monitor.wait(until: (.seconds(5), time), number.isAtLeast(1)) }
        try await clock.waitForSleepers(1)
        gone.fire()
        cancelled.cancel()
        #expect(await leaving.value == nil)
        #expect(await cancelled.value == nil)
        clock.advance(by: .seconds(4))
        #expect(!timed.isCancelled)
        clock.advance(by: .seconds(1))
        #expect(await timed.value == nil)
        #expect(clock.now.sinceStart == .seconds(5))
    }

    @Test("goes on at one bell as often as it is asked")
    func again() async {
        let number = Number()
        let isAny = { @Sendable (value: Int) in value > 0 }
        let seen = await number.monitor.watching(isAny) { bell in
            var seen: [Int] = []
            for wanted in 1...3 {
                async let change: Void = number.monitor.change { $0 = wanted }
                if let found = await number.monitor.wait(at: bell, { $0 >= wanted ? $0 : nil }) { seen.append(found) }
                await change
            }
            return seen
        }
        #expect(seen == [1, 2, 3])
    }
}
