public import SluiceTypes

/// What a provider wants back to the byte and nobody else can read: a signature, encrypted or redacted reasoning.
///
/// It is bound to the account that issued it, so it is handed to a row of the same dialect and account only.
public struct HubOpaque: Hashable, Sendable {
    /// The format in which it stood.
    public var dialect: RequestFormat
    /// The account that issued it, in 32 hex digits; nil for a value that was read from a body, which names none.
    public var account: String?
    /// The value.
    public var value: SpelledText

    /// Creates a value.
    public init(_ dialect: RequestFormat, account: String? = nil, _ value: SpelledText) {
        self.dialect = dialect
        self.account = account
        self.value = value
    }
}
