import SluiceTypes
import Synchronization

/// The requests that are open, each with the end of its API token, so that they end with it.
final class OpenRequests: Sendable {
    private struct Entry {
        let token: TokenID
        /// When the token ends; nil for never.
        var end: Timestamp?
        let onEnd: @Sendable (OpenRequest.Ending) -> Void
    }

    /// By the request, which takes its entry out when it goes at the latest.
    private let entries = Mutex<[ObjectIdentifier: Entry]>([:])

    fileprivate func begin(
        _ request: ObjectIdentifier,
        of caller: Caller,
        onEnd: @escaping @Sendable (OpenRequest.Ending) -> Void
    ) {
        entries.withLock { $0[request] = Entry(token: caller.token, end: caller.expiresAt, onEnd: onEnd) }
    }

    fileprivate func end(_ request: ObjectIdentifier) {
        // What it holds is let go of outside the lock.
        _ = entries.withLock { $0.removeValue(forKey: request) }
    }

    /// The token ends at another time than its open requests know.
    func move(_ token: TokenID, to end: Timestamp?) {
        entries.withLock { entries in
            for (request, entry) in entries where entry.token == token { entries[request]?.end = end }
        }
    }

    /// How many are open.
    var count: Int { entries.withLock { $0.count } }

    /// The token was revoked.
    func revoke(_ token: TokenID) {
        for entry in entries.withLock({ $0.values.filter { $0.token == token } }) { entry.onEnd(.revoked) }
    }

    /// Ends those whose token has ended by now.
    func expire(at now: Timestamp) {
        let over = entries.withLock { entries in
            entries.values.filter { entry in entry.end.map { $0 <= now } ?? false }
        }
        for entry in over { entry.onEnd(.expired) }
    }
}

/// A request that is being answered, for a caller whose token may end meanwhile.
///
/// Nobody who answers a request may forget to say that it is over: it is over with the object at the latest.
package final class OpenRequest: Sendable {
    /// How a token ends.
    package enum Ending: Sendable {
        case revoked
        /// Its time is over.
        case expired
    }

    private let requests: OpenRequests

    /// - Parameters:
    ///   - caller: Whose token may end.
    ///   - requests: Takes it in until it is over.
    ///   - onEnd: May be called more than once, from any thread, and so must not wait.
    init(_ caller: Caller, in requests: OpenRequests, onEnd: @escaping @Sendable (Ending) -> Void) {
        self.requests = requests
        requests.begin(ObjectIdentifier(self), of: caller, onEnd: onEnd)
    }

    deinit { end() }

    /// It is answered.
    package func end() { requests.end(ObjectIdentifier(self)) }
}
