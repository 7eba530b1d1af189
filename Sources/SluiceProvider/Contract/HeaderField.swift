/// One header field.
public struct HeaderField: Sendable, Hashable {
    /// The name, in the spelling that is sent.
    public var name: String
    /// The value.
    public var value: String

    /// Creates a field.
    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }

    /// Whether its name is `name`, letter case ignored (RFC 9110, 5.1).
    public func isNamed(_ name: String) -> Bool {
        self.name.utf8.count == name.utf8.count
            && self.name.utf8.elementsEqual(name.utf8) { HeaderField.lower($0) == HeaderField.lower($1) }
    }

    /// Whether its name begins with `prefix`, letter case ignored.
    public func isNamed(withPrefix prefix: String) -> Bool {
        name.utf8.starts(with: prefix.utf8) { HeaderField.lower($0) == HeaderField.lower($1) }
    }

    private static func lower(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }
}
