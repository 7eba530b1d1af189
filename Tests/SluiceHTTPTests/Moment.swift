import Synchronization

/// A clock that moves when a test says so.
final class Moment: Sendable {
    private let state: Mutex<ContinuousClock.Instant>

    init(_ start: ContinuousClock.Instant) {
        state = Mutex(start)
    }

    var value: ContinuousClock.Instant {
        get { state.withLock { $0 } }
        set { state.withLock { $0 = newValue } }
    }
}
