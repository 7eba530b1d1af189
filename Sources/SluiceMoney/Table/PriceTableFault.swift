public import SluiceJSON

/// Why a price table, or a row's own prices, can't be taken.
public struct PriceTableFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong, in a clause.
    public let sentence: String
    /// Where, as an RFC 6901 pointer; empty for the whole.
    public let pointer: String
    /// Where in the text; nil where the fault has no place.
    public let position: Position?

    /// Takes all three.
    public init(_ sentence: String, pointer: String = "", position: Position? = nil) {
        self.sentence = sentence
        self.pointer = pointer
        self.position = position
    }

    /// The sentence with its place.
    public var description: String {
        var text = sentence
        if !pointer.isEmpty { text += " at \(pointer)" }
        if let position { text += " (line \(position.line), column \(position.column))" }
        return text
    }
}
