import SluiceTypes
import Synchronization

/// Tells waiters that a job may have changed.
///
/// It is a hint: the row is the truth, and is read again after each.
final class Feed: Sendable {
    private struct State {
        var waiters: [JobID: [ObjectIdentifier: Doorbell]] = [:]
        var isClosed = false
    }

    private let state = Mutex(State())
    /// Where what is known of a job is forgotten when it may have changed; nil where nobody looks.
    private let looks: SharedLooks?

    init(looks: SharedLooks? = nil) {
        self.looks = looks
    }

    /// Runs `body` with a doorbell that rings at every change of the job, and at once when the feed is closed or `gone` has
    /// fired.
    func subscribe<Result: Sendable, Failure: Error>(
        to id: JobID,
        unless gone: Signal? = nil,
        _ body: (Doorbell) async throws(Failure) -> Result
    ) async throws(Failure) -> Result {
        let doorbell = Doorbell()
        let key = ObjectIdentifier(doorbell)
        let isClosed = state.withLock { state in
            state.waiters[id, default: [:]][key] = doorbell
            return state.isClosed
        }
        if isClosed { doorbell.ring() }
        defer {
            let isLast = state.withLock { state in
                state.waiters[id]?[key] = nil
                guard state.waiters[id]?.isEmpty == true else { return false }
                state.waiters[id] = nil
                return true
            }
            if isLast { looks?.forget(id) }
        }
        return try await doorbell.ringing(at: gone) { () async throws(Failure) in try await body(doorbell) }
    }

    /// Tells the job's waiters to look again.
    func notify(_ id: JobID) {
        let waiters = state.withLock { $0.waiters[id].map { Array($0.values) } ?? [] }
        guard !waiters.isEmpty else { return }
        looks?.forget(id)
        for doorbell in waiters { doorbell.ring() }
    }

    /// Lets every waiter go, those that come later included.
    func close() {
        let waiters = state.withLock { state in
            state.isClosed = true
            return state.waiters.values.flatMap(\.values)
        }
        for doorbell in waiters { doorbell.ring() }
    }

    /// True when nobody should wait any more.
    var isClosed: Bool { state.withLock { $0.isClosed } }
}
