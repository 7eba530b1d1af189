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

    let storage: Document.Storage
    let index: Int

    private var text: [UInt8] { storage.text }
    private var entry: Tape.Entry { storage.tape.entries[index] }
    private var children: Tape.Children { storage.tape.children(of: index) }

    /// What it is.
    public var kind: Kind { entry.kind }

    /// The decoded text of a string, else nil.
    public var string: String? { kind == .string ? entry.string(text) : nil }

    /// The value of a number written without fraction or exponent that fits 64 bits, else nil.
    public var integer: Int64? {
        kind == .number && entry.isInteger ? SluiceJSON.integer(text.span, entry.bytes) : nil
    }

    /// The nearest double of a number, else nil.
    public var number: Double? { kind == .number ? entry.double(text) : nil }

    /// The value of a boolean, else nil.
    public var boolean: Bool? { kind == .boolean ? text[entry.start] == UInt8(ascii: "t") : nil }

    /// True for `null`.
    public var isNull: Bool { kind == .null }

    /// The member of that name, nil where there is none or this is no object.
    ///
    /// Names are the same when their UTF-8 is. Takes time in proportion to the number of members.
    public subscript(key key: String) -> JSONValue? {
        guard kind == .object else { return nil }
        return children.first { storage.tape.entries[$0].hasKey(key, text) }.map(sibling)
    }

    /// The element at that place, nil beyond the ends or where this is no array.
    ///
    /// Takes time in proportion to the place: to read all, use ``elements``.
    public subscript(index: Int) -> JSONValue? {
        guard kind == .array, index >= 0 else { return nil }
        return children.dropFirst(index).first { _ in true }.map(sibling)
    }

    /// The members of an object in the order of the text; empty for other kinds.
    ///
    /// No two names have the same UTF-8, but Swift takes some that differ for equal, such as the two spellings of `é`:
    /// a dictionary made of them must expect that.
    public var members: [(key: String, value: JSONValue)] {
        guard kind == .object else { return [] }
        return children.map { (storage.tape.entries[$0].keyString(text), sibling($0)) }
    }

    /// The elements of an array; empty for other kinds.
    public var elements: [JSONValue] { kind == .array ? children.map(sibling) : [] }

    /// The value's own bytes, as they were received.
    public var bytes: ArraySlice<UInt8> { text[entry.bytes] }

    /// Where the value starts.
    public var position: Position { Position(offset: entry.start, in: text) }

    /// Where the value stands, as an RFC 6901 pointer; empty for the root.
    public var pointer: String {
        var steps: [String] = []
        var place = index
        while storage.tape.entries[place].parent >= 0 {
            steps.append("/" + step(to: place))
            place = Int(storage.tape.entries[place].parent)
        }
        return steps.reversed().joined()
    }

    private func sibling(_ index: Int) -> JSONValue { JSONValue(storage: storage, index: index) }

    /// One reference token: an escaped name, or the number of elements before this one.
    private func step(to place: Int) -> String {
        let parent = Int(storage.tape.entries[place].parent)
        guard storage.tape.entries[parent].kind == .object else {
            return String(storage.tape.children(of: parent).prefix { $0 != place }.count)
        }
        var name = ""
        for scalar in storage.tape.entries[place].keyString(text).unicodeScalars {
            switch scalar {
            case "~": name += "~0"
            case "/": name += "~1"
            default: name.unicodeScalars.append(scalar)
            }
        }
        return name
    }
}

extension JSONValue: CustomStringConvertible, CustomReflectable {
    /// The kind alone: values hold prompts, which belong in no log.
    public var description: String { "JSON \(kind.rawValue)" }

    /// Shows nothing of the value.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
