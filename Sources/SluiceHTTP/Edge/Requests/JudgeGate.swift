import Synchronization

/// Lets so many in at a time, in the order in which they came: for work that would hold up every processor at once.
final class JudgeGate: Sendable {
    private struct State {
        var free: Int
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let state: Mutex<State>

    init(_ count: Int) {
        state = Mutex(State(free: count))
    }

    /// Does `work` on Swift's own threads, once it is its turn: never on a connection's loop, which serves others as well.
    func run<Answer: Sendable, Failure: Error>(
        _ work: @Sendable () throws(Failure) -> Answer
    ) async throws(Failure) -> Answer {
        await enter()
        defer { leave() }
        return try await withTaskExecutorPreference(globalConcurrentExecutor) { () async throws(Failure) in
            try work()
        }
    }

    private func enter() async {
        await withCheckedContinuation { waiter in
            let isFree = state.withLock { state in
                guard state.free == 0 else {
                    state.free -= 1
                    return true
                }
                state.waiters.append(waiter)
                return false
            }
            if isFree { waiter.resume() }
        }
    }

    private func leave() {
        let next: CheckedContinuation<Void, Never>? = state.withLock { state in
            guard !state.waiters.isEmpty else {
                state.free += 1
                return nil
            }
            return state.waiters.removeFirst()
        }
        next?.resume()
    }
}
