import SluiceEngine
import SluiceHTTP
import Synchronization

/// Where callers reach the server: known once it listens.
final class Address: Sendable {
    private let state = Mutex<String?>(nil)
    private let isKnown = Signal()

    var current: String? { state.withLock { $0 } }

    func set(_ address: String) {
        state.withLock { $0 = address }
        isKnown.fire()
    }

    /// The address once there is one; nil when the task is cancelled before.
    func wait() async -> String? {
        await isKnown.wait()
        return current
    }
}
