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

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.generalCategory == .control
    }
}
