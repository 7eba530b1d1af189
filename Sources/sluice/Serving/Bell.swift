import Synchronization

/// Something that happens once and that any number of tasks may wait for.
final class Bell: Sendable {
    private struct State {
        var hasRung = false
        var lastKey = 0
        var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
    }

    private let state = Mutex(State())

    func ring() {
        let waiters = state.withLock { state in
            state.hasRung = true
            defer { state.waiters = [:] }
            return state.waiters
        }
        for waiter in waiters.values { waiter.resume() }
    }

    /// Returns once it has rung, or when the task is cancelled.
    func wait() async {
        let key = state.withLock { state in
            state.lastKey += 1
            return state.lastKey
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { waiter in
                // Under the lock, so that a cancellation is either seen here or finds the waiter.
                let isOver = state.withLock { state in
                    if state.hasRung || Task.isCancelled { return true }
                    state.waiters[key] = waiter
                    return false
                }
                if isOver { waiter.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: key) }?.resume()
        }
    }
}
