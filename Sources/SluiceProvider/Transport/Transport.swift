public import SluiceTypes

/// What carries a call to a provider and brings its answer.
public protocol Transport: Sendable {
    /// Starts the call at once and returns its events.
    ///
    /// The events end after `end`, or with a ``TransportError``. Giving them up (the reading task is cancelled, or they
    /// are dropped) closes the call's connection; a cancelled reader still learns by the error whether the request had
    /// been sent. Events are never held back for a slow reader; what may pile up is bounded by
    /// ``OutgoingCall/answerLimit``.
    func send(_ call: OutgoingCall) -> TransportEvents
}

/// A call with everything that only the gateway knows.
public struct OutgoingCall: Sendable {
    /// The absolute URL: the row's `baseURL`, the call's path, the row's query.
    public var url: String
    /// The method, in capitals.
    public var method: String
    /// Header fields in order, without the secret.
    public var headers: [HeaderField]
    /// The body; empty for none.
    public var body: [UInt8]
    /// The field that carries the secret: a name, a prefix, the secret.
    public var secretHeader: SecretHeader?
    /// Who may be called and how.
    public var policy: EndpointPolicy
    /// How long each part may take.
    public var timeouts: CallTimeouts
    /// The largest answer in bytes; a longer one ends in ``TransportError/Kind/answerTooLarge``.
    public var answerLimit: Int
    /// A Unix socket to connect to instead of the URL's host; for calls to our own admin socket.
    public var unixSocketPath: String?

    /// Creates a call.
    public init(
        url: String,
        method: String,
        headers: [HeaderField],
        body: [UInt8],
        secretHeader: SecretHeader?,
        policy: EndpointPolicy,
        timeouts: CallTimeouts,
        answerLimit: Int,
        unixSocketPath: String? = nil
    ) {
        self.url = url
        self.method = method
        self.headers = headers
        self.body = body
        self.secretHeader = secretHeader
        self.policy = policy
        self.timeouts = timeouts
        self.answerLimit = answerLimit
        self.unixSocketPath = unixSocketPath
    }
}

/// A header field whose value must not be seen.
public struct SecretHeader: Sendable, Hashable {
    /// The field's name.
    public var name: String
    /// What stands before the secret.
    public var prefix: String
    /// The secret.
    public var secret: Secret

    /// Creates a field.
    public init(name: String, prefix: String, secret: Secret) {
        self.name = name
        self.prefix = prefix
        self.secret = secret
    }
}

/// Who may be called and how.
///
/// Calls whose policies differ never share a connection.
public struct EndpointPolicy: Sendable, Hashable {
    /// True allows `http` to hosts that are not loopback.
    public var allowPlainHTTP: Bool
    /// True allows private, loopback and link-local addresses behind a name.
    public var allowPrivate: Bool
    /// True negotiates HTTP/2; else HTTP/1.1, where closing the connection ends exactly one call.
    public var http2: Bool

    /// Creates a policy.
    public init(allowPlainHTTP: Bool = false, allowPrivate: Bool = false, http2: Bool = false) {
        self.allowPlainHTTP = allowPlainHTTP
        self.allowPrivate = allowPrivate
        self.http2 = http2
    }
}

/// How long the parts of a call may take.
public struct CallTimeouts: Sendable, Hashable {
    /// Name look-up, connection and TLS together.
    public var connect: Duration
    /// From the request's last byte to the answer's first.
    public var firstByte: Duration
    /// Between two pieces of the answer.
    public var idle: Duration
    /// The whole call.
    public var total: Duration

    /// Creates timeouts.
    public init(
        connect: Duration = .seconds(10),
        firstByte: Duration = .seconds(120),
        idle: Duration = .seconds(60),
        total: Duration = .seconds(600)
    ) {
        self.connect = connect
        self.firstByte = firstByte
        self.idle = idle
        self.total = total
    }
}

/// What happens in a call.
public enum TransportEvent: Sendable, Hashable {
    /// The status line and header fields of the final answer.
    case head(ResponseHead)
    /// A piece of the body, as it came.
    case chunk([UInt8])
    /// The answer ended as its framing said it would.
    case end
}

/// Why a call brought no whole answer.
public struct TransportError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds of failure.
    public enum Kind: String, Sendable {
        /// The URL or a header field can't be sent, or the policy forbids it; nothing was tried.
        case refused
        /// The name has no address.
        case resolve
        /// Every address of the host is one the policy forbids.
        case forbiddenAddress
        /// No connection, or no TLS session.
        case connect
        case connectTimeout
        case firstByteTimeout
        case idleTimeout
        case totalTimeout
        /// The connection died.
        case reset
        /// The answer breaks HTTP, or ended before its framing said so.
        case malformed
        case answerTooLarge
        case cancelled
    }

    /// What happened.
    public var kind: Kind
    /// True when the provider may have seen the request: from its first byte on.
    public var requestSent: Bool
    /// One sentence without secrets.
    public var message: String

    /// Creates an error.
    public init(_ kind: Kind, requestSent: Bool, _ message: String) {
        self.kind = kind
        self.requestSent = requestSent
        self.message = message
    }

    /// The sentence.
    public var description: String { message }
}
