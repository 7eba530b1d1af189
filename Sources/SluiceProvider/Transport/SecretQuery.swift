public import SluiceTypes

/// A part of a URL's query whose value must not be seen.
public struct SecretQuery: Sendable, Hashable {
    /// The parameter's name, not yet percent-encoded.
    public var name: String
    /// The secret.
    public var secret: Secret

    /// Creates a part.
    public init(name: String, secret: Secret) {
        self.name = name
        self.secret = secret
    }
}
