import Synchronization

/// Something that happens once, that any number of tasks may wait for, and that may break off what others wait for.
package final class Signal: Sendable {
    private struct State {
        var fired = false
        var next: UInt64 = 0
        var reactions: [UInt64: @Sendable () -> Void] = [:]
    }

    private let state = Mutex(State())

    /// Makes one that has not happened yet.
    package init() {}

    package var hasFired: Bool { state.withLock { $0.fired } }

    package func fire() {
        let reactions = state.withLock { state in
            state.fired = true
            defer { state.reactions = [:] }
            return state.reactions
        }
        for react in reactions.values { react() }
    }

    /// Calls `react` when it happens, or at once where it has happened, until ``forget(_:)`` is told the number that is
    /// returned.
    ///
    /// It is called at most once, by whoever fires the signal, and so must not wait.
    package func onFire(_ react: @escaping @Sendable () -> Void) -> UInt64 {
        let (number, hasFired) = state.withLock { state in
            state.next += 1
            if !state.fired { state.reactions[state.next] = react }
            return (state.next, state.fired)
        }
        if hasFired { react() }
        return number
    }

    /// Calls a reaction off; it may be under way.
    package func forget(_ reaction: UInt64) {
        // Outside the lock: letting go of a closure may run any code.
        _ = state.withLock { $0.reactions.removeValue(forKey: reaction) }
    }

    /// Returns when it has happened, or when the task is cancelled.
    package func wait() async {
        let bell = Doorbell()
        let reaction = onFire { bell.ring() }
        defer { forget(reaction) }
        await bell.wait()
    }
}
