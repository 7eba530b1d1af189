public import SluiceTypes

/// A header field whose value must not be seen.
public struct SecretHeader: Sendable, Hashable {
    /// The field's name.
    public var name: String
    /// What stands before the secret.
    public var prefix: String
    /// The secret.
    public var secret: Secret

    /// Creates a field.
    public init(name: String, prefix: String, secret: Secret) {
        self.name = name
        self.prefix = prefix
        self.secret = secret
    }
}
