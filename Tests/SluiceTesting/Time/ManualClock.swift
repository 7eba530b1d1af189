package import SluiceTypes
import Synchronization

/// A clock whose time moves by hand.
///
/// Sleepers wait until ``advance(by:)`` passes their moment, and are woken in the order of their moments. To advance
/// only once they are asleep, wait with ``waitForSleepers(_:)`` first.
package final class ManualClock: Clock {
    /// A moment of a ``ManualClock``: how long after its start.
    package struct Instant: InstantProtocol {
        package var sinceStart: Duration

        package init(sinceStart: Duration) {
            self.sinceStart = sinceStart
        }

        package func advanced(by duration: Duration) -> Instant {
            Instant(sinceStart: sinceStart + duration)
        }

        package func duration(to other: Instant) -> Duration {
            other.sinceStart - sinceStart
        }

        package static func < (left: Instant, right: Instant) -> Bool {
            left.sinceStart < right.sinceStart
        }
    }

    private struct Sleeper {
        var id: Int
        var deadline: Instant
        var continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var now = Instant(sinceStart: .zero)
        var nextID = 0
        var sleepers: [Sleeper] = []
        /// Sleeps that were cancelled before they began.
        var abandoned: Set<Int> = []
    }

    private let start: Timestamp
    private let state = Mutex(State())
    private let asleep = Tally()

    /// Makes a clock that stands still at `start`.
    package init(start: Timestamp = Timestamp(milliseconds: 1_800_000_000_000)) {
        self.start = start
    }

    package var now: Instant { state.withLock(\.now) }
    package var minimumResolution: Duration { .zero }
    /// The same moment as ``now``, on the calendar.
    package var timestamp: Timestamp { start.adding(now.sinceStart) }
    /// How many tasks sleep.
    package var sleepers: Int { asleep.value }

    /// Moves the time and wakes whoever it has passed.
    package func advance(by duration: Duration) {
        advance { $0.now.advanced(by: duration) }
    }

    /// Moves the time to the next sleeper's moment and wakes it; false when nobody sleeps.
    @discardableResult
    package func advanceToNextSleeper() -> Bool {
        advance { state in state.sleepers.map(\.deadline).min() ?? state.now } > 0
    }

    /// Returns when at least `count` tasks sleep.
    ///
    /// - Throws: `CancellationError` when the task is cancelled first.
    package func waitForSleepers(_ count: Int) async throws {
        try await asleep.wait(for: count)
    }

    package func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                begin(Sleeper(id: id, deadline: deadline, continuation: continuation))
            }
        } onCancel: {
            abandon(id)
        }
    }

    @discardableResult
    private func advance(_ target: (State) -> Instant) -> Int {
        let woken = state.withLock { state in
            state.now = max(state.now, target(state))
            let woken = state.sleepers.filter { $0.deadline <= state.now }
            state.sleepers.removeAll { $0.deadline <= state.now }
            return woken.sorted { ($0.deadline.sinceStart, $0.id) < ($1.deadline.sinceStart, $1.id) }
        }
        asleep.set { $0 -= woken.count }
        for sleeper in woken { sleeper.continuation.resume() }
        return woken.count
    }

    private func begin(_ sleeper: Sleeper) {
        let answer: Result<Void, any Error>? = state.withLock { state in
            if state.abandoned.remove(sleeper.id) != nil { return .failure(CancellationError()) }
            if sleeper.deadline <= state.now { return .success(()) }
            state.sleepers.append(sleeper)
            return nil
        }
        if let answer { sleeper.continuation.resume(with: answer) } else { asleep.set { $0 += 1 } }
    }

    private func abandon(_ id: Int) {
        let sleeper = state.withLock { state -> Sleeper? in
            guard let place = state.sleepers.firstIndex(where: { $0.id == id }) else {
                state.abandoned.insert(id)
                return nil
            }
            return state.sleepers.remove(at: place)
        }
        guard let sleeper else { return }
        asleep.set { $0 -= 1 }
        sleeper.continuation.resume(throwing: CancellationError())
    }
}
