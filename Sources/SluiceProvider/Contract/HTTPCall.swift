/// One HTTP request to a provider, without its secret.
public struct HTTPCall: Sendable, Hashable {
    /// The method, in capitals.
    public var method: String
    /// What follows the row's `baseURL`, with a leading `/`.
    public var path: String
    /// Header fields in order.
    public var headers: [HeaderField]
    /// The body; empty for none.
    public var body: [UInt8]
    /// How the gateway shall sign the request.
    public var authorization: Authorization

    /// Creates a call.
    public init(
        method: String,
        path: String,
        headers: [HeaderField],
        body: [UInt8],
        authorization: Authorization
    ) {
        self.method = method
        self.path = path
        self.headers = headers
        self.body = body
        self.authorization = authorization
    }
}
