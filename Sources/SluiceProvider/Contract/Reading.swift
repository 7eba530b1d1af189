/// How the response to one call is read.
public enum Reading: Sendable {
    /// By the gateway itself, on whatever thread the bytes come in.
    case pure(any Exchange)
    /// By somebody else, who is waited for: never on the thread of a connection.
    case remote(any RemoteExchange)
}
