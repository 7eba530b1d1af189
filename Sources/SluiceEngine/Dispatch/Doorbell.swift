import Synchronization

/// Wakes one waiting task: a ring before the wait is remembered, any number of rings count as one.
final class Doorbell: Sendable {
    private enum State {
        case silent
        case rung
        case awaited(CheckedContinuation<Void, Never>)
    }

    private let state = Mutex(State.silent)

    /// Wakes the waiter, now or when it comes.
    func ring() {
        let waiter: CheckedContinuation<Void, Never>? = state.withLock { state in
            guard case .awaited(let waiter) = state else {
                state = .rung
                return nil
            }
            state = .silent
            return waiter
        }
        waiter?.resume()
    }

    /// Returns at the next ring, or at once when the task is cancelled.
    ///
    /// Only one task may wait.
    func wait() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { (waiter: CheckedContinuation<Void, Never>) in
                let resumeNow = state.withLock { state in
                    if case .silent = state, !Task.isCancelled {
                        state = .awaited(waiter)
                        return false
                    }
                    state = .silent
                    return true
                }
                if resumeNow { waiter.resume() }
            }
        } onCancel: {
            ring()
        }
    }

    /// Returns at the next ring or after `limit`, whichever is first.
    func wait(atMost limit: Duration, _ time: EngineTime) async {
        guard limit > .zero else { return }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.wait() }
            group.addTask { try? await time.sleep(limit) }
            await group.next()
            group.cancelAll()
        }
    }
}
