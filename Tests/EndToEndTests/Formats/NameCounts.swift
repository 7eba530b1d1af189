import Synchronization

/// Counts by name.
final class NameCounts: Sendable {
    private let counts = Mutex<[String: Int]>([:])

    /// Counts one more of them, and says how many there are.
    func next(_ name: String) -> Int {
        counts.withLock { counts in
            counts[name, default: 0] += 1
            return counts[name, default: 0]
        }
    }
}
