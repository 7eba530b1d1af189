import SluiceProvider
import SluiceTypes

/// A call that was checked and may be tried.
struct PreparedCall: Sendable {
    let target: Target
    /// The machine that is connected to: the target, or the proxy on the way to it.
    let peer: Target
    /// True where private and loopback addresses of ``peer`` are allowed.
    let allowPrivatePeer: Bool
    /// The proxy on the way; nil for none.
    let proxy: OutboundProxy?
    /// It may hold the secret: it is for libcurl alone, and never shown.
    let url: String
    let method: String
    let headers: HeaderLines
    let body: [UInt8]
    let policy: EndpointPolicy
    let timeouts: CallTimeouts
    let answerLimit: Int
    let room: (any AnswerRoom)?
    let unixSocketPath: String?

    /// Checks `call`; a call over a Unix socket may be `http` whatever its host, which nobody looks up.
    ///
    /// - Throws: `refused` with what to change.
    init(_ call: OutgoingCall) throws(TransportError) {
        target = try Target(call.url)
        if !target.isSecure && !call.policy.allowPlainHTTP && call.unixSocketPath == nil && !target.namesLoopback {
            throw .refused("The URL is http to another machine; use https, or allow it with allowPlainHTTP.")
        }
        if let proxy = call.proxy, call.unixSocketPath == nil {
            try PreparedCall.checkProxied(target, call.policy)
            self.proxy = proxy
            peer = try Target(proxy.url)
            allowPrivatePeer = proxy.allowPrivate
        } else {
            proxy = nil
            peer = target
            allowPrivatePeer = call.policy.allowPrivate
        }
        guard !call.method.isEmpty && call.method.utf8.allSatisfy({ (0x41...0x5A).contains($0) }) else {
            throw .refused("The method has to be a word of capital letters.")
        }
        guard call.method != "CONNECT" && call.method != "TRACE" else {
            throw .refused("The method \(call.method) is not for providers.")
        }
        guard call.method != "HEAD" || call.body.isEmpty else { throw .refused("A HEAD request has no body.") }
        if let path = call.unixSocketPath, path.isEmpty || path.utf8.contains(0) {
            throw .refused("The path of the Unix socket is empty or has a NUL in it.")
        }
        headers = try HeaderLines(
            call.headers,
            secrets: [call.secretHeader].compactMap(\.self) + call.secretHeaders
        )
        url = PreparedCall.url(call)
        method = call.method
        body = call.body
        policy = call.policy
        timeouts = call.timeouts
        answerLimit = call.answerLimit
        room = call.room
        unixSocketPath = call.unixSocketPath
    }

    /// The proxy finds the addresses of names, so that no name is refused but those that are never a provider's.
    private static func checkProxied(_ target: Target, _ policy: EndpointPolicy) throws(TransportError) {
        guard target.isSecure else { throw .refused("Through a proxy only https is called.") }
        guard !policy.allowPrivate, target.isInward else { return }
        throw .forbidden(target.host)
    }

    private static func url(_ call: OutgoingCall) -> String {
        guard let secret = call.secretQuery else { return call.url }
        let separator = call.url.contains("?") ? "&" : "?"
        let value = secret.secret.reveal { PercentEncoding.encode($0) }
        return "\(call.url)\(separator)\(PercentEncoding.encode(secret.name))=\(value)"
    }
}
