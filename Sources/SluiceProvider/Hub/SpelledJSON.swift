public import SluiceJSON

/// A JSON value as somebody spelled it: a number such as `0.70`, a schema, an item that nobody here understands.
///
/// It is carried and copied, never read. Two values are equal when they are spelled alike.
public struct SpelledJSON: Hashable, Sendable {
    /// The value's JSON text; a slice of the document that it was read from, not a copy.
    public var bytes: ArraySlice<UInt8>

    /// Takes JSON text, which is not checked.
    public init(bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
    }

    /// The text of a value.
    public init(_ value: JSONValue) {
        bytes = value.bytes
    }

    /// Spells an integer.
    public init(_ number: Int) {
        bytes = Array(number.description.utf8)[...]
    }
}

extension SpelledJSON: JSONWritable {
    /// Copies the text.
    public func write(to writer: inout JSONWriter) { writer.raw(bytes) }
}

extension SpelledJSON: CustomStringConvertible, CustomReflectable {
    /// The size alone: values may hold prompts, which belong in no log.
    public var description: String { "JSON text of \(bytes.count) bytes" }

    /// Shows nothing of the text.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
