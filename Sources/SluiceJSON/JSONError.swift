/// Why bytes are no acceptable JSON text.
///
/// Its message is made of our own words: it never quotes the input.
public struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong.
    public enum Code: String, Sendable {
        /// Not RFC 8259 JSON: a stray byte, a value cut short, bytes after the end, a number JSON does not know.
        case syntax
        /// No value at all.
        case empty
        /// A byte sequence that is not UTF-8.
        case invalidUTF8
        /// One object names a member twice.
        case duplicateKey
        /// Arrays and objects nested deeper than ``JSONLimits/depth``.
        case tooDeep
        /// More values than ``JSONLimits/values``.
        case tooManyValues
        /// A number whose magnitude no IEEE 754 double can hold.
        case numberOutOfRange
    }

    /// What is wrong.
    public var code: Code
    /// One clause for a person, without the position.
    public var message: String
    /// The member's name that occurs twice, cut to 64 bytes; nil for every other fault.
    ///
    /// It is the sender's own, so it stands in no description.
    public var name: String?
    /// Where: the first byte that can't stand there; nil where the fault has no place.
    public var position: Position?

    /// Creates an error.
    public init(_ code: Code, _ message: String, name: String? = nil, at position: Position? = nil) {
        self.code = code
        self.message = message
        self.name = name
        self.position = position
    }

    /// The message with its line and column.
    public var description: String {
        guard let position else { return message }
        return "\(message) at line \(position.line), column \(position.column)"
    }
}

/// A place in a text.
///
/// Lines and columns count from 1; a column counts bytes.
public struct Position: Hashable, Sendable {
    /// The line, from 1.
    public var line: Int
    /// The byte within the line, from 1.
    public var column: Int

    /// Creates a place.
    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }
}
