import SluiceStore
import Synchronization

/// How many jobs there are, as the store has told it last.
final class JobTally: Sendable {
    private struct State {
        var isLoaded = false
        var counts: [CountedJobs: Int] = [:]
    }

    private let state = Mutex(State())

    var counts: [CountedJobs: Int] { state.withLock { $0.counts } }

    /// Takes what was read; only once, since more may have been told of some by then.
    func load(_ counts: [CountedJobs: Int]) {
        state.withLock { state in
            guard !state.isLoaded else { return }
            state = State(isLoaded: true, counts: counts)
        }
    }

    /// The store has committed how many there are of some kinds, or of all.
    func note(_ counts: [CountedJobs: Int], isWhole: Bool) {
        guard isWhole || !counts.isEmpty else { return }
        state.withLock { state in
            if isWhole { state = State(isLoaded: true) }
            for (kind, count) in counts { state.counts[kind] = count == 0 ? nil : count }
        }
    }
}
