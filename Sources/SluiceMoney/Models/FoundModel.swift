/// A model of a table, and how it was found.
public struct FoundModel: Sendable {
    /// The model.
    public let model: PricedModel
    /// The list in which it stands.
    public let list: String
    /// False where only a part of the name was known.
    public let isExact: Bool
    /// True where it stands in another provider's list than the one asked for: its variants don't count then.
    public let isBorrowed: Bool
    /// The version of its table; nil where it is in none.
    public let version: String?
}
