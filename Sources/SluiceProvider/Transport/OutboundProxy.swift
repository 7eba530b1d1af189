public import SluiceTypes

/// An HTTP proxy through which a provider is called: by CONNECT, and for `https` alone (RFC 9110, section 9.3.6).
public struct OutboundProxy: Sendable, Hashable {
    /// Its absolute URL, of scheme, host and port alone.
    public var url: String
    /// A user and a password, with a colon between; nil where it asks for none.
    public var secret: Secret?
    /// True allows the proxy itself a private or link-local address.
    public var allowPrivate: Bool

    /// Creates a proxy.
    public init(url: String, secret: Secret? = nil, allowPrivate: Bool = false) {
        self.url = url
        self.secret = secret
        self.allowPrivate = allowPrivate
    }

    /// What must not be shown of it: user and password together, and the password.
    public var secrets: [Secret] {
        guard let secret else { return [] }
        // The user's name may be empty.
        let parts = secret.reveal { $0.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false) }
        return [secret] + parts.dropFirst().map { Secret(String($0)) }
    }
}
