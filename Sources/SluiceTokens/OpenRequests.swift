package import SluiceTypes
import Synchronization

/// The requests that are open for each API token, so that they end with it.
final class OpenRequests: Sendable {
    /// Nobody who answers a request may forget to say that it is over: it is over with the object at the latest.
    private struct Lent {
        weak let request: OpenRequest?
    }

    private struct State {
        var requests: [TokenID: [ObjectIdentifier: Lent]] = [:]
        /// The ends of tokens that were given another one while requests were open.
        var ends: [TokenID: Timestamp] = [:]
    }

    private let state = Mutex(State())

    func begin(_ request: OpenRequest) {
        state.withLock {
            $0.requests[request.caller.token, default: [:]][ObjectIdentifier(request)] = Lent(request: request)
        }
    }

    func end(_ request: ObjectIdentifier, of token: TokenID) {
        state.withLock { state in
            state.requests[token]?[request] = nil
            guard state.requests[token]?.isEmpty == true else { return }
            state.requests[token] = nil
            state.ends[token] = nil
        }
    }

    /// The token ends at another time than its open requests know.
    func move(_ token: TokenID, to end: Timestamp?) {
        state.withLock { if $0.requests[token] != nil { $0.ends[token] = end } }
    }

    /// How many are open.
    var count: Int { state.withLock { $0.requests.values.reduce(0) { $0 + $1.count } } }

    /// The token was revoked.
    func revoke(_ token: TokenID) {
        let requests = state.withLock { ($0.requests[token] ?? [:]).values.compactMap(\.request) }
        for request in requests { request.tokenEnded(.revoked) }
    }

    /// Ends those whose token has ended by now.
    func expire(at now: Timestamp) {
        // Let go of outside the lock, which the last of its holders takes.
        let (requests, ends) = state.withLock { state in
            (state.requests.values.flatMap { $0.values.compactMap(\.request) }, state.ends)
        }
        let over = requests.filter { request in
            (ends[request.caller.token] ?? request.caller.expiresAt).map { $0 <= now } ?? false
        }
        for request in over { request.tokenEnded(.expired) }
    }
}

/// A request that is being answered, for a caller whose token may end meanwhile.
package final class OpenRequest: Sendable {
    /// How a token ends.
    package enum Ending: Sendable {
        case revoked
        /// Its time is over.
        case expired
    }

    package let caller: Caller
    /// May be called more than once, from any thread, and so must not wait.
    private let onEnd: @Sendable (Ending) -> Void
    private let requests: OpenRequests

    init(_ caller: Caller, in requests: OpenRequests, onEnd: @escaping @Sendable (Ending) -> Void) {
        self.caller = caller
        self.requests = requests
        self.onEnd = onEnd
    }

    fileprivate func tokenEnded(_ ending: Ending) { onEnd(ending) }

    deinit { end() }

    /// It is answered.
    package func end() { requests.end(ObjectIdentifier(self), of: caller.token) }
}
