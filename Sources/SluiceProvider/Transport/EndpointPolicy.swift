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
