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

    /// Answers whom `answer` has an answer for, and takes them out.
    ///
    /// In one breath: who is not in the queue any more finds its answer, or a permit would be lost.
    mutating func serve(_ answer: (JobGroup, OwnerID) -> PermitAnswer?) {
        waiters.removeAll { waiter in
            guard let answer = answer(waiter.group, waiter.owner) else { return false }
            waiter.answer.change { $0 = answer }
            return true
        }
    }
}
