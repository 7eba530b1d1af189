/// One value of a ``Document``: a cursor that keeps the document alive.
public struct JSONValue: Sendable {
    /// The kinds of JSON values.
    public enum Kind: String, Sendable {
        case object
        case array
        case string
        case number
        case boolean
        case null
    }

    /// What it is.
    public var kind: Kind { fatalError() }

    /// The decoded text of a string, else nil.
    public var string: String? { fatalError() }

    /// The value of a number written without fraction or exponent that fits 64 bits, else nil.
    public var integer: Int64? { fatalError() }

    /// The nearest double of a number, else nil.
    public var number: Double? { fatalError() }

    /// The value of a boolean, else nil.
    public var boolean: Bool? { fatalError() }

    /// True for `null`.
    public var isNull: Bool { kind == .null }

    /// The member of that name, nil where there is none or this is no object.
    public subscript(key key: String) -> JSONValue? { fatalError() }

    /// The element at that place, nil beyond the ends or where this is no array.
    public subscript(index: Int) -> JSONValue? { fatalError() }

    /// The members of an object in the order of the text; empty for other kinds.
    public var members: [(key: String, value: JSONValue)] { fatalError() }

    /// The elements of an array; empty for other kinds.
    public var elements: [JSONValue] { fatalError() }

    /// The value's own bytes, as they were received.
    public var bytes: ArraySlice<UInt8> { fatalError() }

    /// Where the value starts.
    public var position: Position { fatalError() }

    /// Where the value stands, as an RFC 6901 pointer; empty for the root.
    public var pointer: String { fatalError() }
}
