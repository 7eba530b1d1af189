import SluiceStore
import SluiceTypes
import Synchronization

/// A call that waits for a permit.
final class PermitWaiter: Sendable {
    let wish: Wish
    /// Who could serve it.
    let pool: Pool
    /// Its place in the order in which calls came.
    let number: Int
    private let hasLeft = Atomic<Bool>(false)
    /// Set once, by whoever takes it out of the queue with an answer.
    let answer = Monitor<PermitAnswer?>(nil)

    init(_ wish: Wish, _ pool: Pool, number: Int) {
        self.wish = wish
        self.pool = pool
        self.number = number
    }

    /// Whether it still wants an answer; asked under the lock under which it is given one.
    var isWaiting: Bool { !hasLeft.load(ordering: .relaxed) && answer.read { $0 == nil } }

    /// Gives it its answer.
    func give(_ permit: PermitAnswer) {
        answer.change { $0 = permit }
    }

    /// It wants no answer any more; false when it has one.
    func leave() -> Bool {
        guard isWaiting else { return false }
        hasLeft.store(true, ordering: .relaxed)
        return true
    }
}
