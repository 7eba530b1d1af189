import SluiceJSON

/// Puts a text together again whose pieces were cut between the halves of a surrogate pair.
///
/// A half that stays alone becomes U+FFFD.
struct SurrogateJoiner {
    private var high: UInt16?

    /// The text that `piece` completes; its last half waits for the next piece.
    mutating func take(_ piece: StringPiece) -> String {
        guard !piece.isEmpty else { return "" }
        if high == nil, piece.low == nil, piece.high == nil { return piece.text }
        var text = ""
        switch (high, piece.low) {
        case (let high?, let low?): text.unicodeScalars.append(SurrogateJoiner.scalar(high, low))
        case (nil, nil): break
        default: text += SurrogateJoiner.alone
        }
        high = piece.high
        return text + piece.text
    }

    /// What is left when nothing more comes.
    mutating func end() -> String {
        defer { high = nil }
        return high == nil ? "" : SurrogateJoiner.alone
    }

    private static let alone = "\u{FFFD}"

    private static func scalar(_ high: UInt16, _ low: UInt16) -> Unicode.Scalar {
        let value = 0x10000 + (UInt32(high) & 0x3FF) << 10 + UInt32(low) & 0x3FF
        return Unicode.Scalar(value) ?? "\u{FFFD}"
    }
}
