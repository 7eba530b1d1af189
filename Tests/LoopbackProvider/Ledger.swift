import Synchronization

/// What the provider has seen, and who waits for it to see more.
final class Ledger: Sendable {
    private struct State {
        var requests: [RecordedRequest] = []
        var count = 0
        var accepted = 0
        var closed: Set<Int> = []
        var lastKey = 0
        var waiters: [(key: Int, isMet: @Sendable (borrowing State) -> Bool, resume: @Sendable () -> Void)] = []
    }

    private let state = Mutex(State())
    private let remembers: Bool

    init(remembers: Bool) {
        self.remembers = remembers
    }

    var requests: [RecordedRequest] { state.withLock { $0.requests } }
    var accepted: Int { state.withLock { $0.accepted } }

    /// Numbers a connection.
    func accept() -> Int {
        change { state in
            state.accepted += 1
            return state.accepted - 1
        }
    }

    /// Records a request and returns its number.
    func record(_ request: RecordedRequest) -> Int {
        change { state in
            if remembers { state.requests.append(request) }
            state.count += 1
            return state.count - 1
        }
    }

    /// Records that a connection is gone.
    func close(_ connection: Int) {
        guard remembers else { return }
        change { _ = $0.closed.insert(connection) }
    }

    func isClosed(_ connection: Int) -> Bool { state.withLock { $0.closed.contains(connection) } }

    func waitForRequests(_ count: Int) async {
        await wait { $0.count >= count }
    }

    func waitForConnections(_ count: Int) async {
        await wait { $0.accepted >= count }
    }

    func waitForClose(of connection: Int) async {
        await wait { $0.closed.contains(connection) }
    }

    private func change<Result: Sendable>(_ body: (inout sending State) -> sending Result) -> Result {
        let (result, ready) = state.withLock { state in
            let result = body(&state)
            var ready: [@Sendable () -> Void] = []
            state.waiters.removeAll { [copy = state] waiter in
                guard waiter.isMet(copy) else { return false }
                ready.append(waiter.resume)
                return true
            }
            return (result, ready)
        }
        for resume in ready { resume() }
        return result
    }

    /// Returns, too, when the task is cancelled, so that a test whose time is over comes to its end.
    private func wait(until isMet: @escaping @Sendable (borrowing State) -> Bool) async {
        let key = state.withLock { state in
            state.lastKey += 1
            return state.lastKey
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    if isMet(state) || Task.isCancelled { return true }
                    state.waiters.append((key, isMet, { continuation.resume() }))
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            let waiter = state.withLock { state in
                state.waiters.firstIndex { $0.key == key }.map { state.waiters.remove(at: $0).resume }
            }
            waiter?()
        }
    }
}
