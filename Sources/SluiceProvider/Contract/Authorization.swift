/// How the gateway puts the row's secret into a call.
///
/// The adapter names the way and never sees the value.
public enum Authorization: Sendable, Hashable {
    /// Not at all.
    case none
    /// As a header field: the prefix, then the secret.
    case header(name: String, prefix: String)
    /// By a signer that the gateway has under this name.
    case signer(name: String)
}
