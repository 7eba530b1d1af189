import Synchronization

/// Wakes one waiting task: a ring before the wait is remembered, any number of rings count as one.
package final class Doorbell: Sendable {
    package init() {}

    private enum State {
        case silent
        case rung
        case awaited(CheckedContinuation<Void, Never>)
    }

    private struct Alarm {
        var at: Duration
        var task: Task<Void, Never>
    }

    private let state = Mutex(State.silent)
    private let alarm = Mutex<Alarm?>(nil)

    deinit {
        alarm.withLock { $0?.task.cancel() }
    }

    /// Wakes the waiter, now or when it comes.
    package func ring() {
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

    /// Runs `body`, for which the bell rings as well when `signal` fires, or at once where it has.
    package func ringing<Result, Failure: Error>(
        at signal: Signal?,
        while body: () async throws(Failure) -> Result
    ) async throws(Failure) -> Result {
        guard let signal else { return try await body() }
        let reaction = signal.onFire { self.ring() }
        defer { signal.forget(reaction) }
        return try await body()
    }

    /// Returns at the next ring or when the engine's uptime is `moment`, whichever is first; now and then for nothing.
    package func wait(until moment: Duration, _ time: EngineTime) async {
        guard moment > time.uptime() else { return }
        setAlarm(at: moment, time)
        await wait()
    }

    /// Sees to it that it rings at `moment` at the latest.
    ///
    /// An alarm that is set for earlier does: under load there is a wait for each job, and a timer for each is dear.
    private func setAlarm(at moment: Duration, _ time: EngineTime) {
        alarm.withLock { alarm in
            if let alarm, alarm.at <= moment { return }
            alarm?.task.cancel()
            // Not a child of the waiting task: it outlives the wait, for the next one's sake.
            let task = Task { [weak self] in
                try? await time.sleep(moment - time.uptime())
                if !Task.isCancelled { self?.goOff(moment) }
            }
            alarm = Alarm(at: moment, task: task)
        }
    }

    private func goOff(_ moment: Duration) {
        alarm.withLock { alarm in
            if alarm?.at == moment { alarm = nil }
        }
        ring()
    }
}
