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
    public func write(to writer: inout JSONWriter) { writer.string(self) }
}

extension Int: JSONWritable {
    /// Writes a number.
    public func write(to writer: inout JSONWriter) { writer.raw(description.utf8) }
}

extension Int64: JSONWritable {
    /// Writes a number.
    public func write(to writer: inout JSONWriter) { writer.raw(description.utf8) }
}

extension Double: JSONWritable {
    /// Writes a number; `null` for one that is not finite.
    public func write(to writer: inout JSONWriter) {
        if isFinite { writer.raw(description.utf8) } else { writer.null() }
    }
}

extension Bool: JSONWritable {
    /// Writes `true` or `false`.
    public func write(to writer: inout JSONWriter) { writer.raw(description.utf8) }
}
