import SluiceStore
import Synchronization

/// Carries a claim into a task: a closure may not consume what it captures.
final class ClaimBox: Sendable {
    private let claim: Mutex<Claim?>

    init(_ claim: consuming Claim) {
        self.claim = Mutex(claim)
    }

    /// The claim, the first time; nil from then on.
    func take() -> Claim? {
        claim.withLock { claim in
            let taken = claim.take()
            return taken
        }
    }
}
