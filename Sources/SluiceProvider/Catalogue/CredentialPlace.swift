/// Where a row puts its credential.
public enum CredentialPlace: Sendable, Hashable {
    /// Where its adapter says.
    case standard
    /// In a header field: the prefix, then the secret.
    case header(name: String, prefix: String)
    /// In the URL's query, under this name; never in a URL that is shown.
    case query(name: String)
}
