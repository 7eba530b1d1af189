public import SluiceJSON

/// A text as somebody spelled it between the quotation marks of a JSON string.
///
/// `\/`, `\u00e9` and half a surrogate pair stay as they are, so a text that passes through leaves as it came, to the byte,
/// and pieces of one text can be put together without being read. Two texts are equal when they are spelled alike.
public struct SpelledText: Hashable, Sendable {
    /// What stands between the quotation marks; a slice of the document that it was read from, not a copy.
    public var spelling: ArraySlice<UInt8>

    /// Takes what stands between the quotation marks of a JSON string, which is not checked.
    public init(spelling: ArraySlice<UInt8>) {
        self.spelling = spelling
    }

    /// The text of a JSON string; nil for any other value.
    public init?(_ value: JSONValue?) {
        guard let value, value.kind == .string else { return nil }
        spelling = value.bytes.dropFirst().dropLast()
    }

    /// Spells `text`, escaping no more than JSON demands.
    public init(_ text: String) {
        spelling = JSONWriter.bytes { $0.value(text) }.dropFirst().dropLast()
    }

    /// Spells what UTF-8 bytes say.
    public init(utf8: some Collection<UInt8>) {
        self.init(String(decoding: utf8, as: UTF8.self))
    }

    /// True when there is nothing in it.
    public var isEmpty: Bool { spelling.isEmpty }

    /// The text itself; half a surrogate pair is U+FFFD in it.
    public var string: String {
        guard spelling.contains(UInt8(ascii: "\\")) else { return String(decoding: spelling, as: UTF8.self) }
        let quoted = [UInt8(ascii: "\"")] + spelling + [UInt8(ascii: "\"")]
        let document = try? Document(indexing: quoted, limits: JSONLimits(isLenient: true))
        return document?.root.string ?? String(decoding: spelling, as: UTF8.self)
    }
}

extension SpelledText: JSONWritable {
    /// Writes the string as it was spelled.
    public func write(to writer: inout JSONWriter) { writer.spelled(spelling) }
}

extension SpelledText: ExpressibleByStringLiteral {
    /// Spells a literal.
    public init(stringLiteral value: String) { self.init(value) }
}

extension SpelledText: CustomStringConvertible, CustomReflectable {
    /// The size alone: texts belong in no log.
    public var description: String { "text of \(spelling.count) bytes" }

    /// Shows nothing of the text.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
