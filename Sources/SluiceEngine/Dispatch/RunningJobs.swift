import SluiceTypes
import Synchronization

/// The attempts under way in this process: to call them off, to find their logs, to wait for their end.
final class RunningJobs: Sendable {
    private struct Entry {
        var task: Task<Void, Never>?
        var log: JobLog?
        var isCancelled = false
    }

    private struct State {
        var entries: [JobID: Entry] = [:]
        var isCallingOff = false
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    /// Runs `work` as the job's attempt.
    ///
    /// Returns at once.
    func start(_ id: JobID, _ work: @escaping @Sendable () async -> Void) {
        state.withLock { $0.entries[id] = Entry() }
        // Not a child of any task: it is called off by its job's id, and `waitUntilEmpty` sees to it that it ends first.
        let task = Task {
            await work()
            end(id)
        }
        let callOff = state.withLock { state in
            state.entries[id]?.task = task
            return state.isCallingOff || state.entries[id]?.isCancelled == true
        }
        if callOff { task.cancel() }
    }

    private func end(_ id: JobID) {
        let waiters = state.withLock { state in
            state.entries[id] = nil
            guard state.entries.isEmpty else { return [CheckedContinuation<Void, Never>]() }
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Notes the log of the job's current attempt.
    func attach(_ log: JobLog, to id: JobID) {
        state.withLock { $0.entries[id]?.log = log }
    }

    /// The log of the job's current attempt; nil when it does not run here.
    func log(of id: JobID) -> JobLog? {
        state.withLock { $0.entries[id]?.log }
    }

    /// Calls the job's attempt off because the job was cancelled.
    func cancel(_ id: JobID) {
        let task = state.withLock { state in
            state.entries[id]?.isCancelled = true
            return state.entries[id]?.task
        }
        task?.cancel()
    }

    /// True when the job's attempt was called off by ``cancel(_:)``.
    func isCancelled(_ id: JobID) -> Bool {
        state.withLock { $0.entries[id]?.isCancelled ?? false }
    }

    /// Calls every attempt off, those that still begin included: the process stops.
    func callOffAll() {
        let tasks = state.withLock { state in
            state.isCallingOff = true
            return state.entries.values.compactMap(\.task)
        }
        for task in tasks { task.cancel() }
    }

    var count: Int { state.withLock { $0.entries.count } }

    /// Returns when no attempt is under way.
    func waitUntilEmpty() async {
        await withCheckedContinuation { (waiter: CheckedContinuation<Void, Never>) in
            let isEmpty = state.withLock { state in
                guard !state.entries.isEmpty else { return true }
                state.waiters.append(waiter)
                return false
            }
            if isEmpty { waiter.resume() }
        }
    }
}
