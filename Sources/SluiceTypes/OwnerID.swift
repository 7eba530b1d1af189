/// The name of an owner: whoever has jobs, limits, idempotency keys and a fair share.
public struct OwnerID: Hashable, Comparable, Sendable, RawRepresentable, CustomStringConvertible {
    /// The text form, as stored.
    public let rawValue: String

    /// Takes the text form as it is.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// Orders owners by their text, so that they can take turns.
    public static func < (left: OwnerID, right: OwnerID) -> Bool { left.rawValue < right.rawValue }

    /// The text form.
    public var description: String { rawValue }
}
