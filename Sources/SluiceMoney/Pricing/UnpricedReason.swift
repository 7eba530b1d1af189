/// Why a call has no price, or not for all of it.
public enum UnpricedReason: Error, Hashable, Sendable, CustomStringConvertible {
    /// No list of prices belongs to the row.
    case list
    /// No list knows the model.
    case model
    /// None of the model's prices was valid at that moment.
    case date
    /// The usage can't be: a count is negative or over 10⁸, a part is larger than its whole, or the cost is beyond 64 bits.
    case absurd
    /// Nothing says what this unit costs, and it is part of none that has a price.
    case unit(String)
    /// The call was made on a term, with a value of it, that the table doesn't know for the model.
    case tier(String, String)

    /// Words for logs and lists; what others wrote in them is cut to 64 characters.
    public var description: String {
        switch self {
        case .list: "list"
        case .model: "model"
        case .date: "date"
        case .absurd: "absurd"
        case .unit(let name): "unit \(name.prefix(64))"
        case .tier(let name, let value): "tier \(name.prefix(64))=\(value.prefix(64))"
        }
    }
}
