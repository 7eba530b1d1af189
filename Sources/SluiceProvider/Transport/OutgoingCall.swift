import SluiceTypes

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
    /// Further fields that carry secrets.
    public var secretHeaders: [SecretHeader]
    /// A part of the URL's query that carries the secret.
    public var secretQuery: SecretQuery?
    /// Who may be called and how.
    public var policy: EndpointPolicy
    /// The proxy through which it goes; nil for none.
    public var proxy: OutboundProxy?
    /// How long each part may take.
    public var timeouts: CallTimeouts
    /// The largest answer in bytes; a longer one ends in ``TransportError/Kind/answerTooLarge``.
    public var answerLimit: Int
    /// What has to have room for the answer before it is taken; nil where nothing is asked.
    public var room: (any AnswerRoom)?
    /// A Unix socket to connect to instead of the URL's host; for calls to our own admin socket.
    public var unixSocketPath: String?

    /// Creates a call.
    public init(
        url: String,
        method: String,
        headers: [HeaderField],
        body: [UInt8],
        secretHeader: SecretHeader?,
        secretHeaders: [SecretHeader] = [],
        secretQuery: SecretQuery? = nil,
        policy: EndpointPolicy,
        proxy: OutboundProxy? = nil,
        timeouts: CallTimeouts,
        answerLimit: Int,
        unixSocketPath: String? = nil
    ) {
        self.url = url
        self.method = method
        self.headers = headers
        self.body = body
        self.secretHeader = secretHeader
        self.secretHeaders = secretHeaders
        self.secretQuery = secretQuery
        self.policy = policy
        self.proxy = proxy
        self.timeouts = timeouts
        self.answerLimit = answerLimit
        self.unixSocketPath = unixSocketPath
    }
}
