/// Deadlines and whose they are, the earliest first.
///
/// A binary heap. Nothing is taken out of its middle: whoever pops an entry asks whether it still means something.
struct DeadlineQueue {
    /// A moment of the monotonic clock in nanoseconds and the call it is about.
    struct Entry: Hashable {
        var deadline: UInt64
        var call: UInt64
    }

    private var heap: [Entry] = []

    /// How many there are.
    var count: Int { heap.count }

    /// The earliest deadline.
    var first: UInt64? { heap.first?.deadline }

    /// Adds an entry.
    mutating func push(_ entry: Entry) {
        heap.append(entry)
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child].deadline < heap[parent].deadline else { return }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    /// Removes and returns the earliest entry if its deadline is not after `now`.
    mutating func pop(now: UInt64) -> Entry? {
        guard let first = heap.first, first.deadline <= now else { return nil }
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        sink()
        return first
    }

    /// Removes all.
    mutating func removeAll() {
        heap.removeAll(keepingCapacity: true)
    }

    private mutating func sink() {
        var parent = 0
        while true {
            var earliest = parent
            for child in (2 * parent + 1)..<(2 * parent + 3) where child < heap.count {
                if heap[child].deadline < heap[earliest].deadline { earliest = child }
            }
            guard earliest != parent else { return }
            heap.swapAt(parent, earliest)
            parent = earliest
        }
    }
}
