package import SluiceTypes
import Synchronization

/// The requests that are open for each API token, so that they end with it.
final class OpenRequests: Sendable {
    private struct State {
        var requests: [TokenID: [ObjectIdentifier: OpenRequest]] = [:]
        /// The ends of tokens that were given another one while requests were open.
        var ends: [TokenID: Timestamp] = [:]
    }

    private let state = Mutex(State())

    func begin(_ request: OpenRequest) {
        state.withLock { $0.requests[request.caller.token, default: [:]][ObjectIdentifier(request)] = request }
    }

    func end(_ request: OpenRequest) {
        state.withLock { state in
            let token = request.caller.token
            state.requests[token]?[ObjectIdentifier(request)] = nil
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
        let requests = state.withLock { Array(($0.requests[token] ?? [:]).values) }
        for request in requests { request.tokenEnded(.revoked) }
    }

    /// Ends those whose token has ended by now.
    func expire(at now: Timestamp) {
        let over = state.withLock { state in
            state.requests.flatMap { token, requests in
                requests.values.filter { request in
                    (state.ends[token] ?? request.caller.expiresAt).map { $0 <= now } ?? false
                }
            }
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

    /// It is answered.
    package func end() { requests.end(self) }
}
