/// A string that is a piece of a longer one: whoever cut it may have cut between the halves of a surrogate pair.
public struct StringPiece: Sendable, Hashable {
    /// The second half of a pair with which it begins; nil for none.
    public var low: UInt16?
    /// What stands between; a half that has no other half within it is U+FFFD.
    public var text: String
    /// The first half of a pair with which it ends; nil for none.
    public var high: UInt16?

    /// Creates a piece.
    public init(low: UInt16? = nil, text: String, high: UInt16? = nil) {
        self.low = low
        self.text = text
        self.high = high
    }

    /// True when there is nothing in it.
    public var isEmpty: Bool { text.isEmpty && low == nil && high == nil }
}

extension JSONValue {
    /// The text of a string, with the halves of a surrogate pair at its ends told apart; else nil.
    public var piece: StringPiece? {
        guard kind == .string else { return nil }
        return storage.tape.entries[index].piece(storage.text)
    }
}

extension Tape.Entry {
    fileprivate func piece(_ text: [UInt8]) -> StringPiece {
        guard isEscaped else { return StringPiece(text: string(text)) }
        var content = content
        let low = half(text, at: content.lowerBound, 0xDC00).map { UInt16($0) }
        if low != nil { content = content.lowerBound + escape..<content.upperBound }
        var high: UInt16?
        // An escape at the end, whose backslash is no escaped one.
        let last = content.upperBound - escape
        if last >= content.lowerBound, let found = half(text, at: last, 0xD800), isEscape(text, last, in: content) {
            high = UInt16(found)
            content = content.lowerBound..<last
        }
        return StringPiece(low: low, text: String(decoding: unescaped(text, content), as: UTF8.self), high: high)
    }

    /// The length of an escape of a half.
    private var escape: Int { 6 }

    /// Whether the backslash at `place` begins an escape: before it stands an even number of others.
    private func isEscape(_ text: [UInt8], _ place: Int, in content: Range<Int>) -> Bool {
        var start = place
        while start > content.lowerBound, text[start - 1] == UInt8(ascii: "\\") { start -= 1 }
        return (place - start).isMultiple(of: 2)
    }
}
