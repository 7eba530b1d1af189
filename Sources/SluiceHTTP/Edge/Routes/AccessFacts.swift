import SluiceTypes
import Synchronization

/// What the line of a request tells of who asked: found out on the way, told when it is answered.
final class AccessFacts: Sendable {
    private let state = Mutex<(owner: OwnerID, token: TokenID)?>(nil)

    var caller: (owner: OwnerID, token: TokenID)? { state.withLock { $0 } }

    func note(_ caller: Caller) { state.withLock { $0 = (caller.owner, caller.token) } }
}
