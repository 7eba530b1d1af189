/// A model name, or a pattern in which each `*` stands for any run of characters, an empty one included.
public struct ModelPattern: Hashable, Sendable, CustomStringConvertible {
    /// The pattern as it was written.
    public let text: String
    private let pieces: [[UInt8]]

    /// Takes a name or a pattern; every text is one.
    public init(_ text: String) {
        self.text = text
        pieces = text.utf8.split(separator: UInt8(ascii: "*"), omittingEmptySubsequences: false).map(Array.init)
    }

    /// True when the text holds no `*` and so matches itself alone.
    public var isExact: Bool { pieces.count == 1 }

    /// The bytes that are not `*`: of two patterns that match, the one with more is the closer.
    public var literalLength: Int { pieces.reduce(0) { $0 + $1.count } }

    /// Tells whether `model` is this name or fits this pattern.
    ///
    /// Bytes are compared: neither letter case nor Unicode's equivalent spellings are overlooked.
    public func matches(_ model: String) -> Bool {
        guard !isExact else { return model.utf8.elementsEqual(text.utf8) }
        var rest = model.utf8[...]
        guard let first = pieces.first, let last = pieces.last, rest.count >= first.count + last.count,
            rest.starts(with: first), rest.suffix(last.count).elementsEqual(last)
        else { return false }
        rest = rest.dropFirst(first.count).dropLast(last.count)
        // Each middle piece is taken at its first place: a later one could only leave less room for the next.
        for piece in pieces.dropFirst().dropLast() where !piece.isEmpty {
            guard let place = ModelPattern.firstPlace(of: piece, in: rest) else { return false }
            rest = rest[place...].dropFirst(piece.count)
        }
        return true
    }

    /// Whether every name that fits another pattern surely fits this one.
    public func covers(_ other: ModelPattern) -> Bool {
        if text == other.text || other.isExact && matches(other.text) { return true }
        // Of patterns with a star elsewhere nothing is sure.
        guard text.hasSuffix("*"), pieces.count == 2 else { return false }
        return other.text.utf8.starts(with: text.utf8.dropLast())
    }

    private static func firstPlace(of piece: [UInt8], in bytes: Substring.UTF8View) -> Substring.UTF8View.Index? {
        bytes.indices.first { bytes[$0...].starts(with: piece) }
    }

    /// The pattern as it was written.
    public var description: String { text }
}
