import Synchronization

/// Where the engine stands in its life.
///
/// It only moves forward.
enum Phase: Int, Comparable, Sendable {
    /// Orphans are being rescued.
    case starting
    /// Jobs are claimed.
    case serving
    /// A stop was asked for; everything goes on until the drain delay is over.
    case draining
    /// Nothing is claimed any more.
    case stopping

    static func < (left: Phase, right: Phase) -> Bool { left.rawValue < right.rawValue }
}

/// Holds the phase, and those who wait for one.
final class PhaseGate: Sendable {
    private struct State {
        var phase = Phase.starting
        var nextKey = 0
        var waiters: [Int: (phase: Phase, continuation: CheckedContinuation<Void, Never>)] = [:]
    }

    private let state = Mutex(State())
    /// Rings when the phase is ``Phase/stopping``: for the one task that sleeps between sweeps.
    let bell = Doorbell()

    var current: Phase { state.withLock { $0.phase } }

    /// Moves on to `phase`; an earlier one than the current changes nothing.
    func advance(to phase: Phase) {
        let due = state.withLock { state in
            state.phase = max(state.phase, phase)
            let due = state.waiters.filter { $0.value.phase <= state.phase }
            for key in due.keys { state.waiters[key] = nil }
            return due.values.map(\.continuation)
        }
        for waiter in due { waiter.resume() }
    }

    /// Returns when `phase` is reached, or at once when the task is cancelled.
    func wait(for phase: Phase) async {
        let key = state.withLock { state in
            state.nextKey += 1
            return state.nextKey
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { (waiter: CheckedContinuation<Void, Never>) in
                let resumeNow = state.withLock { state in
                    if state.phase >= phase || Task.isCancelled { return true }
                    state.waiters[key] = (phase, waiter)
                    return false
                }
                if resumeNow { waiter.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: key) }?.continuation.resume()
        }
    }
}
