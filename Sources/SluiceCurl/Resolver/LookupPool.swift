import SluiceTypes
import Synchronization

/// A few threads for look-ups, which block.
///
/// A thread is started when there is something to look up and ends when there is nothing left, so that an idle gateway
/// has none: look-ups are rare, because their answers are kept.
final class LookupPool: Sendable {
    /// Takes a look-up's outcome, on the pool's thread.
    typealias Answer = @Sendable (Result<[IPAddress], LookupFailure>) -> Void

    private struct State {
        var waiting: [(host: String, answer: Answer)] = []
        var threads = 0
    }

    private let lookup: Lookup
    private let limit: Int
    private let threadName: String
    private let state = Mutex(State())

    init(threadName: String, limit: Int = 4, lookup: @escaping Lookup) {
        self.threadName = threadName
        self.limit = limit
        self.lookup = lookup
    }

    /// Looks `host` up and calls `answer`, both on one of the pool's threads, after what was asked before.
    func find(_ host: String, answer: @escaping Answer) {
        let needsThread = state.withLock { state in
            state.waiting.append((host, answer))
            guard state.threads < limit else { return false }
            state.threads += 1
            return true
        }
        guard needsThread else { return }
        if !startThread(named: threadName, { self.work() }) { threadFailed() }
    }

    private func work() {
        while let (host, answer) = takeOrLeave() {
            do throws(LookupFailure) {
                answer(.success(try lookup(host)))
            } catch {
                answer(.failure(error))
            }
        }
    }

    private func takeOrLeave() -> (host: String, answer: Answer)? {
        state.withLock { state in
            guard !state.waiting.isEmpty else {
                state.threads -= 1
                return nil
            }
            return state.waiting.removeFirst()
        }
    }

    /// Fails what waits when no thread is there to serve it; another thread would come to it in its turn.
    private func threadFailed() {
        let stranded = state.withLock { state in
            state.threads -= 1
            guard state.threads == 0 else { return [(host: String, answer: Answer)]() }
            defer { state.waiting = [] }
            return state.waiting
        }
        for (_, answer) in stranded {
            answer(.failure(LookupFailure("the system gives no thread for the look-up")))
        }
    }
}
