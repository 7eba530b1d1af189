package import SluiceTypes
import Synchronization

/// A sync or streaming call under way, as its caller sees it: when it is stored, its log, its end.
///
/// The call goes on without its caller; see ``CallDesk/leave(_:delivered:)``.
package final class LiveCall: Sendable {
    private struct State {
        var isStored = false
        var log: JobLog?
        var end: CallEnd?
        var nextKey = 0
        var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
    }

    package let id: JobID
    private let state = Mutex(State())
    /// Told of the end before the caller is.
    private let onEnd: @Sendable (CallEnd) -> Void

    init(_ id: JobID, onEnd: @escaping @Sendable (CallEnd) -> Void) {
        self.id = id
        self.onEnd = onEnd
    }

    // MARK: The engine's side

    /// The job is committed: bytes may leave for the caller.
    func noteStored() {
        change { $0.isStored = true }
    }

    /// An attempt begins.
    func begin(_ log: JobLog) {
        change { $0.log = log }
    }

    /// The call is over and its end is committed.
    ///
    /// Once only.
    func finish(_ end: CallEnd) {
        onEnd(end)
        change { $0.end = end }
    }

    private func change(_ change: (inout State) -> Void) {
        let waiters = state.withLock { state in
            change(&state)
            defer { state.waiters = [:] }
            return state.waiters
        }
        for waiter in waiters.values { waiter.resume() }
    }

    // MARK: The caller's side

    /// What the provider said of its limits, as far as it has answered.
    package var limits: [String: String] {
        state.withLock { $0.log }?.limits ?? [:]
    }

    /// The call's end; nil when the task is cancelled.
    package func end() async -> CallEnd? {
        await look { $0.end }
    }

    /// The log of the attempt that brought the first chunk of a stored stream, or the end of a call that brought none; nil
    /// when the task is cancelled.
    package func beginning() async -> CallBeginning? {
        guard var next = await look(Self.firstLog) else { return nil }
        while case .stream(let log) = next {
            if await log.hasChunk() { return next }
            guard let later = await look({ Self.other($0, than: log) ?? $0.end.map { .ended($0) } }) else { return nil }
            next = later
        }
        return next
    }

    private static func firstLog(_ state: State) -> CallBeginning? {
        // The log first: a stream may be over before its caller looks for the beginning.
        if state.isStored, let log = state.log { return .stream(log) }
        return state.end.map { .ended($0) }
    }

    private static func other(_ state: State, than log: JobLog) -> CallBeginning? {
        state.log.flatMap { $0 === log ? nil : .stream($0) }
    }

    /// What `look` finds, as soon as it finds something; nil when the task is cancelled.
    private func look<Found>(_ look: (borrowing State) -> Found?) async -> Found? {
        while true {
            if let found = state.withLock({ look($0) }) { return found }
            if Task.isCancelled { return nil }
            await next { look($0) != nil }
        }
    }

    private func next(unless isFound: (borrowing State) -> Bool) async {
        let key = state.withLock { state in
            state.nextKey += 1
            return state.nextKey
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { (waiter: CheckedContinuation<Void, Never>) in
                let resumeNow = state.withLock { state in
                    if isFound(state) || Task.isCancelled { return true }
                    state.waiters[key] = waiter
                    return false
                }
                if resumeNow { waiter.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: key) }?.resume()
        }
    }
}

/// How a call begins for a caller who wants a stream.
package enum CallBeginning: Sendable {
    /// Chunks have come; the log has them from its beginning on.
    case stream(JobLog)
    case ended(CallEnd)
}
