import Synchronization

/// Counts what is held in memory for callers: bodies and their trees, logs of answers, plain answers under way.
///
/// Only what comes newly is refused when there is too much: an answer that has begun goes on, within the limit that each
/// has.
package final class HeldMemory: Sendable {
    private let held = Atomic<Int>(0)
    private let limit: Int

    /// At most `limit` bytes, beyond which nothing new is begun.
    package init(limit: Int) {
        self.limit = limit
    }

    /// True while something new may begin.
    package var hasRoom: Bool { count < limit }

    /// How many bytes are held.
    package var count: Int { held.load(ordering: .relaxed) }

    /// Counts bytes in, unless there is no room for them.
    package func take(_ bytes: Int) -> Bool {
        let before = held.add(bytes, ordering: .relaxed).oldValue
        guard before + bytes > limit else { return true }
        giveBack(bytes)
        return false
    }

    /// Counts bytes in, whether there is room for them or not.
    package func add(_ bytes: Int) {
        held.add(bytes, ordering: .relaxed)
    }

    /// Counts bytes out.
    package func giveBack(_ bytes: Int) {
        held.subtract(bytes, ordering: .relaxed)
    }
}
