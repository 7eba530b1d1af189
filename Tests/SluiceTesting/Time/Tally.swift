import Synchronization

/// A number that tasks can wait for.
final class Tally: Sendable {
    private struct State {
        var value = 0
        var nextID = 0
        var waiting: [Int: (goal: Int, continuation: CheckedContinuation<Void, any Error>)] = [:]
        /// Waits that were cancelled before they began.
        var abandoned: Set<Int> = []
    }

    private let state = Mutex(State())

    var value: Int { state.withLock(\.value) }

    /// Changes the number and wakes those whose goal it has reached.
    func set(_ change: (inout Int) -> Void) {
        let reached = state.withLock { state in
            change(&state.value)
            let reached = state.waiting.filter { $0.value.goal <= state.value }
            for id in reached.keys { state.waiting[id] = nil }
            return reached.values.map(\.continuation)
        }
        for continuation in reached { continuation.resume() }
    }

    /// Returns when the number is at least `goal`.
    ///
    /// - Throws: `CancellationError` when the task is cancelled first.
    func wait(for goal: Int) async throws {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                begin(id, goal, continuation)
            }
        } onCancel: {
            abandon(id)
        }
    }

    private func begin(_ id: Int, _ goal: Int, _ continuation: CheckedContinuation<Void, any Error>) {
        let answer: Result<Void, any Error>? = state.withLock { state in
            if state.value >= goal { return .success(()) }
            if state.abandoned.remove(id) != nil { return .failure(CancellationError()) }
            state.waiting[id] = (goal, continuation)
            return nil
        }
        if let answer { continuation.resume(with: answer) }
    }

    private func abandon(_ id: Int) {
        let waiter = state.withLock { state in
            let waiter = state.waiting.removeValue(forKey: id)
            if waiter == nil { state.abandoned.insert(id) }
            return waiter
        }
        waiter?.continuation.resume(throwing: CancellationError())
    }
}
