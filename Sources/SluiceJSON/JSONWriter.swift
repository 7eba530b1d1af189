/// Writes JSON text of our own: compact, members in the order given, doubles in Swift's shortest spelling.
public struct JSONWriter: Sendable {
    /// What has been written.
    public private(set) var bytes: [UInt8] = []

    /// Creates an empty writer.
    public init() {}

    /// Writes an object; `body` writes its members.
    public mutating func object(_ body: (inout JSONWriter) -> Void) { fatalError() }

    /// Writes an array; `body` writes its elements.
    public mutating func array(_ body: (inout JSONWriter) -> Void) { fatalError() }

    /// Writes the key of the next value.
    ///
    /// Only inside an object.
    public mutating func key(_ name: String) { fatalError() }

    /// Writes a value.
    public mutating func value(_ value: some JSONWritable) { fatalError() }

    /// Writes a key and its value; nil becomes `null`.
    public mutating func member(_ name: String, _ value: (some JSONWritable)?) { fatalError() }

    /// Writes a key and its value; nothing at all for nil.
    public mutating func memberIfPresent(_ name: String, _ value: (some JSONWritable)?) { fatalError() }

    /// Writes a key and an object.
    public mutating func member(_ name: String, object body: (inout JSONWriter) -> Void) { fatalError() }

    /// Writes a key and an array.
    public mutating func member(_ name: String, array body: (inout JSONWriter) -> Void) { fatalError() }

    /// Writes `null`.
    public mutating func null() { fatalError() }

    /// Writes JSON text as it is.
    public mutating func raw(_ text: some Collection<UInt8>) { fatalError() }

    /// Runs `body` on a new writer and returns what it wrote.
    public static func bytes(_ body: (inout JSONWriter) -> Void) -> [UInt8] { fatalError() }
}

/// A value that can be written as JSON: strings, integers, doubles, booleans, and ``RawJSON``.
public protocol JSONWritable {
    /// Writes the value.
    func write(to writer: inout JSONWriter)
}

/// JSON text that is written as it is.
public struct RawJSON: JSONWritable, Hashable, Sendable {
    /// The text.
    public var bytes: [UInt8]

    /// Takes JSON text, which is not checked.
    public init(_ bytes: some Sequence<UInt8>) {
        self.bytes = Array(bytes)
    }

    /// Copies the text.
    public func write(to writer: inout JSONWriter) { writer.raw(bytes) }
}

extension String: JSONWritable {
    /// Writes a string, escaping `"`, `\` and control characters.
    public func write(to writer: inout JSONWriter) { fatalError() }
}

extension Int: JSONWritable {
    /// Writes a number.
    public func write(to writer: inout JSONWriter) { fatalError() }
}

extension Int64: JSONWritable {
    /// Writes a number.
    public func write(to writer: inout JSONWriter) { fatalError() }
}

extension Double: JSONWritable {
    /// Writes a number; `null` for one that is not finite.
    public func write(to writer: inout JSONWriter) { fatalError() }
}

extension Bool: JSONWritable {
    /// Writes `true` or `false`.
    public func write(to writer: inout JSONWriter) { fatalError() }
}
