import SluiceStore
import SluiceTypes

/// The calls that wait for a permit, in the order in which they came.
struct PermitQueue {
    private struct Waiter {
        var key: Int
        var group: JobGroup
        var owner: OwnerID
        var continuation: CheckedContinuation<PermitAnswer, Never>
    }

    private var nextKey = 0
    private var waiters: [Waiter] = []

    var isEmpty: Bool { waiters.isEmpty }

    mutating func makeKey() -> Int {
        nextKey += 1
        return nextKey
    }

    mutating func add(
        _ key: Int,
        _ group: JobGroup,
        _ owner: OwnerID,
        _ continuation: CheckedContinuation<PermitAnswer, Never>
    ) {
        waiters.append(Waiter(key: key, group: group, owner: owner, continuation: continuation))
    }

    /// Takes a waiter out; nil when it has been answered.
    mutating func remove(_ key: Int) -> CheckedContinuation<PermitAnswer, Never>? {
        guard let index = waiters.firstIndex(where: { $0.key == key }) else { return nil }
        return waiters.remove(at: index).continuation
    }

    /// Takes out whom `answer` has an answer for.
    mutating func serve(
        _ answer: (JobGroup, OwnerID) -> PermitAnswer?
    ) -> [(waiter: CheckedContinuation<PermitAnswer, Never>, answer: PermitAnswer)] {
        var served: [(waiter: CheckedContinuation<PermitAnswer, Never>, answer: PermitAnswer)] = []
        waiters.removeAll { waiter in
            guard let answer = answer(waiter.group, waiter.owner) else { return false }
            served.append((waiter.continuation, answer))
            return true
        }
        return served
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
