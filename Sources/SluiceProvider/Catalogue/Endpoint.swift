/// Where a provider is, and what is added to each call.
public struct Endpoint: Sendable, Hashable {
    /// An absolute URL without a trailing `/`.
    public var baseURL: String
    /// Fields added to each call.
    public var headers: [HeaderField]
    /// Names and values added to each URL, not yet percent-encoded.
    public var query: [HeaderField]
    /// Where the credential goes.
    public var auth: CredentialPlace
    /// Further fields that carry secrets.
    public var secretHeaders: [SecretHeader]
    /// Who may be called and how.
    public var policy: EndpointPolicy
    /// The proxy through which calls go; nil for none.
    public var proxy: OutboundProxy?
    /// How long each part may take.
    public var timeouts: CallTimeouts
    /// The largest answer in bytes.
    public var answerLimit: Int

    /// Creates an endpoint.
    public init(
        baseURL: String,
        headers: [HeaderField] = [],
        query: [HeaderField] = [],
        auth: CredentialPlace = .standard,
        secretHeaders: [SecretHeader] = [],
        policy: EndpointPolicy = EndpointPolicy(),
        proxy: OutboundProxy? = nil,
        timeouts: CallTimeouts = CallTimeouts(),
        answerLimit: Int = 8 << 20
    ) {
        self.baseURL = baseURL
        self.headers = headers
        self.query = query
        self.auth = auth
        self.secretHeaders = secretHeaders
        self.policy = policy
        self.proxy = proxy
        self.timeouts = timeouts
        self.answerLimit = answerLimit
    }
}
