import SluiceStore
import SluiceTypes

/// The calls that wait for a permit, in the order in which they came.
struct PermitQueue {
    private var waiters: [PermitWaiter] = []

    var isEmpty: Bool { waiters.isEmpty }

    mutating func add(_ waiter: PermitWaiter) {
        waiters.append(waiter)
    }

    /// Takes a waiter out; false when it has been answered.
    mutating func remove(_ waiter: PermitWaiter) -> Bool {
        guard let index = waiters.firstIndex(where: { $0 === waiter }) else { return false }
        waiters.remove(at: index)
        return true
    }

    /// Takes out whom `answer` has an answer for.
    mutating func serve(
        _ answer: (JobGroup, OwnerID) -> PermitAnswer?
    ) -> [(waiter: PermitWaiter, answer: PermitAnswer)] {
        var served: [(waiter: PermitWaiter, answer: PermitAnswer)] = []
        waiters.removeAll { waiter in
            guard let answer = answer(waiter.group, waiter.owner) else { return false }
            served.append((waiter, answer))
            return true
        }
        return served
    }
}
