public import SluiceTypes

/// A JSON value that only one dialect understands, such as a citation or an item of a tool that a provider runs itself.
public struct HubForeign: Hashable, Sendable {
    /// Whose it is; no other dialect is given it.
    public var dialect: RequestFormat
    /// The value.
    public var value: SpelledJSON

    /// Creates a value.
    public init(_ dialect: RequestFormat, _ value: SpelledJSON) {
        self.dialect = dialect
        self.value = value
    }
}
