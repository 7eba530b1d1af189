import Synchronization

/// Counts the bytes of all logs that are in memory.
///
/// Only what comes newly is refused when there are too many: a log that has begun goes on, within the limit that each
/// answer has.
final class StreamMemory: Sendable {
    private let held = Atomic<Int>(0)
    private let limit: Int

    init(limit: Int) {
        self.limit = limit
    }

    /// True while another stream may begin.
    var hasRoom: Bool { count < limit }

    var count: Int { held.load(ordering: .relaxed) }

    func add(_ bytes: Int) {
        held.add(bytes, ordering: .relaxed)
    }

    func giveBack(_ bytes: Int) {
        held.subtract(bytes, ordering: .relaxed)
    }
}
