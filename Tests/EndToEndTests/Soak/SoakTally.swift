import Synchronization

/// What all callers of the soak have done, and how fast they should go.
final class SoakTally: Sendable {
    private struct State {
        var actions = 0
        var interval = Duration.zero
        var faults: [String] = []
    }

    private let state = Mutex(State())

    var actions: Int { state.withLock { $0.actions } }
    var faults: [String] { state.withLock { $0.faults } }

    /// The time from one action of a caller to its next.
    var interval: Duration {
        get { state.withLock { $0.interval } }
        set { state.withLock { $0.interval = newValue } }
    }

    func count() {
        state.withLock { $0.actions += 1 }
    }

    func fault(_ sentence: String) {
        state.withLock { if $0.faults.count < 20 { $0.faults.append(sentence) } }
    }
}
