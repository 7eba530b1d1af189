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

/// A call that waits for a permit.
final class PermitWaiter: Sendable {
    let group: JobGroup
    let owner: OwnerID
    /// Set once, by whoever takes it out of the queue with an answer.
    let answer = Monitor<PermitAnswer?>(nil)

    init(_ group: JobGroup, _ owner: OwnerID) {
        self.group = group
        self.owner = owner
    }
}

/// What a call that asks for a permit is told.
enum PermitAnswer: Sendable {
    case permit(Permit)
    /// Every open row that serves the model was full for as long as the call may wait.
    case full
    case closed(Hold)
    /// The caller has gone, or its task was cancelled.
    case abandoned
}
