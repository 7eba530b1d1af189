import SluiceEngine
import SluiceTypes
import Synchronization

/// A caller's place at a call: given up, at the latest, when nothing holds it any more.
final class Seat: Sendable {
    private let calls: CallDesk
    private let id: JobID
    private let isTaken = Atomic<Bool>(true)

    init(_ calls: CallDesk, _ id: JobID) {
        self.calls = calls
        self.id = id
    }

    /// The caller leaves, with the answer or without it; only the first time counts.
    func leave(delivered: Bool) {
        guard isTaken.exchange(false, ordering: .relaxed) else { return }
        calls.leave(id, delivered: delivered)
    }

    /// The caller is too slow: it is left behind, and the call goes on.
    func leaveBehind() {
        guard isTaken.exchange(false, ordering: .relaxed) else { return }
        calls.leaveBehind(id)
    }

    deinit {
        leave(delivered: false)
    }
}
