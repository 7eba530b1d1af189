import Synchronization

/// Counts what is held in memory for callers: bodies and their trees, logs of answers, plain answers under way.
///
/// New calls and bodies are refused at the limit. Large plain answers that are under way rest earlier, at the provider; only the
/// oldest of them always goes on, so that there is room again in the end.
package final class HeldMemory: Sendable {
    /// The large answers under way.
    private struct Large {
        /// The number of each, the oldest first.
        var numbers: [UInt64] = []
        var lastNumber: UInt64 = 0
        /// What to call for those that wait for room.
        var waiting: [UInt64: @Sendable () -> Void] = [:]
    }

    private let held = Atomic<Int>(0)
    private let limit: Int
    private let large = Mutex(Large())
    /// How many wait, so that whoever gives back need not ask.
    private let waiting = Atomic<Int>(0)

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
        let rest = held.subtract(bytes, ordering: .sequentiallyConsistent).newValue
        guard rest <= wakingLevel, waiting.load(ordering: .sequentiallyConsistent) > 0 else { return }
        let all = large.withLock { large in
            defer { large.waiting = [:] }
            waiting.store(0, ordering: .sequentiallyConsistent)
            return large.waiting.values
        }
        for again in all { again() }
    }

    // MARK: Large answers

    /// From how many bytes on large answers rest; what is left is for what is new, and for the oldest of them.
    private var restingLevel: Int { limit / 4 * 3 }
    /// Down to how many bytes they rest.
    private var wakingLevel: Int { limit / 8 * 5 }

    /// A number for an answer that has become large.
    func enter() -> UInt64 {
        large.withLock { large in
            large.lastNumber += 1
            large.numbers.append(large.lastNumber)
            return large.lastNumber
        }
    }

    /// Counts bytes of a large answer in, if it is the oldest or there is room.
    func take(_ bytes: Int, for number: UInt64) -> Bool {
        large.withLock { large in
            guard large.numbers.first == number || count + bytes <= restingLevel else { return false }
            add(bytes)
            return true
        }
    }

    /// Calls `again` when the answer may be the oldest, or there may be room for it; at once where it is so already.
    func wait(_ number: UInt64, _ again: @escaping @Sendable () -> Void) {
        let isNow = large.withLock { large in
            large.waiting[number] = again
            // Before the level is looked at: whoever gives back meanwhile sees that somebody waits, or is seen here.
            waiting.store(large.waiting.count, ordering: .sequentiallyConsistent)
            let held = held.load(ordering: .sequentiallyConsistent)
            guard large.numbers.first == number || held <= wakingLevel else { return false }
            large.waiting[number] = nil
            waiting.store(large.waiting.count, ordering: .sequentiallyConsistent)
            return true
        }
        if isNow { again() }
    }

    /// Forgets a large answer and gives its bytes back.
    func leave(_ number: UInt64, _ bytes: Int) {
        let next = large.withLock { large in
            large.numbers.removeAll { $0 == number }
            large.waiting[number] = nil
            let next = large.numbers.first.flatMap { large.waiting.removeValue(forKey: $0) }
            waiting.store(large.waiting.count, ordering: .sequentiallyConsistent)
            return next
        }
        giveBack(bytes)
        next?()
    }
}
