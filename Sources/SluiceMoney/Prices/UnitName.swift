/// What the dotted names of units say of each other.
public enum UnitName {
    /// Tells whether `special` is one of `general`'s special units, or that itself: whether it has all its words, in order.
    ///
    /// The first word is the family and is never left out: `seconds.audio.input` is no kind of `input`.
    public static func isWithin(_ special: String, _ general: String) -> Bool {
        guard special.utf8.count >= general.utf8.count else { return false }
        var words = special.utf8.split(separator: dot, omittingEmptySubsequences: false)[...]
        var isFirst = true
        for word in general.utf8.split(separator: dot, omittingEmptySubsequences: false) {
            guard let place = words.firstIndex(where: { $0.elementsEqual(word) }), !isFirst || place == words.startIndex
            else { return false }
            words = words[(place + 1)...]
            isFirst = false
        }
        return true
    }

    /// Tells whether a text is a unit's name: words of ASCII letters and digits, joined by dots, 64 bytes at most.
    public static func isValid(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.split(separator: dot, omittingEmptySubsequences: false).allSatisfy { word in
                !word.isEmpty && word.allSatisfy(isLetterOrDigit)
            }
    }

    private static let dot = UInt8(ascii: ".")

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        let letter = byte | 0x20
        return (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(letter) || NameDate.isDigit(byte)
    }
}
