/// Text from elsewhere, made safe for a terminal.
enum Printable {
    /// The text with each control character as a `?`, so that a name or message can neither break a line nor send the
    /// terminal an escape sequence.
    ///
    /// The count of characters stays.
    static func line(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isControl) else { return text }
        return String(text.map { $0.unicodeScalars.contains(where: isControl) ? "?" : $0 })
    }

    /// Control characters of both sets, and those that turn the direction of text round.
    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "\u{061C}", "\u{200E}", "\u{200F}", "\u{202A}"..."\u{202E}", "\u{2066}"..."\u{2069}": true
        default: scalar.properties.generalCategory == .control
        }
    }
}
