import Dispatch
import Synchronization

/// Where operations wait for the writer, and the writer for operations.
final class WriteQueue: Sendable {
    /// What a wait brought.
    enum Taken {
        case writes([PendingWrite])
        /// Nothing came in time.
        case nothing
        /// Nothing waits and nothing will come.
        case closed
    }

    private struct State {
        var waiting: [PendingWrite] = []
        var isAsleep = false
        var isClosed = false
    }

    private let state = Mutex(State())
    private let wake = DispatchSemaphore(value: 0)

    var count: Int { state.withLock { $0.waiting.count } }

    /// Lets an operation wait; false when the queue is closed.
    func push(_ write: PendingWrite) -> Bool {
        let answer: (accepted: Bool, wakes: Bool) = state.withLock { state in
            guard !state.isClosed else { return (false, false) }
            state.waiting.append(write)
            defer { state.isAsleep = false }
            return (true, state.isAsleep)
        }
        if answer.wakes { wake.signal() }
        return answer.accepted
    }

    /// Takes no more; what waits is still handed out.
    func close() {
        let wakes = state.withLock { state in
            defer { state.isAsleep = false }
            state.isClosed = true
            return state.isAsleep
        }
        if wakes { wake.signal() }
    }

    /// Takes everything that waits, else sleeps until something comes, at most `milliseconds` where given.
    ///
    /// Only the writer calls it.
    func take(within milliseconds: Int?) -> Taken {
        while true {
            if let taken = takeOrFallAsleep() { return taken }
            guard let milliseconds else {
                wake.wait()
                continue
            }
            if wake.wait(timeout: .now() + .milliseconds(milliseconds)) == .timedOut, wakeUp() { return .nothing }
        }
    }

    /// Takes what has come since the last ``take(within:)``.
    func takeMore() -> [PendingWrite] {
        state.withLock { state in
            defer { state.waiting = [] }
            return state.waiting
        }
    }

    private func takeOrFallAsleep() -> Taken? {
        state.withLock { state in
            if !state.waiting.isEmpty {
                defer { state.waiting = [] }
                return .writes(state.waiting)
            }
            if state.isClosed { return .closed }
            state.isAsleep = true
            return nil
        }
    }

    /// False when somebody was about to wake the writer; their signal is taken in then.
    private func wakeUp() -> Bool {
        let wasAsleep = state.withLock { state in
            defer { state.isAsleep = false }
            return state.isAsleep
        }
        if !wasAsleep { wake.wait() }
        return wasAsleep
    }
}
