/// JSON text as it was received, checked by jansson, with an index of every value in it.
///
/// Reading decodes; what passes through is copied from ``bytes`` and so keeps its spelling: `0.7`, `1E2`, `\/` and
/// integers beyond 64 bits leave as they came.
public struct Document: Sendable {
    /// The text.
    public var bytes: [UInt8] { fatalError() }

    /// Checks and indexes `bytes`.
    ///
    /// - Throws: ``JSONError`` for anything but one JSON value in UTF-8 within `limits` and without duplicate keys.
    public init(_ bytes: [UInt8], limits: JSONLimits = .standard) throws(JSONError) { fatalError() }

    /// The outermost value.
    public var root: JSONValue { fatalError() }

    /// This text with the members of its root object changed; all other bytes stay.
    ///
    /// The edits apply one after the other. A root that is no object is returned unchanged.
    public func applying(_ edits: [MemberEdit]) -> Document { fatalError() }
}

/// One change to the members of a root object.
public enum MemberEdit: Sendable {
    /// Gives the member this value, which must be JSON text; appends the member where there is none.
    case set(String, [UInt8])
    /// Takes the member out; nothing happens where there is none.
    case remove(String)
    /// Renames the member, its value and place kept; takes the place of one that has the new name.
    case rename(String, to: String)
}
