import SluiceStore
import SluiceTypes

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
