/// Why a call brought no whole answer.
public struct TransportError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds of failure.
    public enum Kind: String, Sendable {
        /// The URL or a header field can't be sent, or the policy forbids it; nothing was tried.
        case refused
        /// This process may open no more sockets.
        case noDescriptor
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
