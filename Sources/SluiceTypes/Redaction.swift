/// Makes a text of somebody else's fit to be shown: in a sentence, and in a log.
public enum Redaction {
    /// What stands for what was taken out.
    public static let mark = "[redacted]"

    /// `text` without what looks like a key or a token, without control characters, at most `limit` characters long, as Unicode counts
    /// them.
    public static func legible(_ text: String, atMost limit: Int) -> String {
        let clean = withoutControls(withoutKeys(text))
        guard clean.unicodeScalars.count > limit else { return clean }
        return String(String.UnicodeScalarView(clean.unicodeScalars.prefix(limit - 1))) + "…"
    }

    /// What somebody gave, as a sentence names it: in backquotes, and no longer than a name.
    public static func quoted(_ given: String) -> String { "`\(legible(given, atMost: 60))`" }

    /// `text` without what looks like a key or a token.
    public static func withoutKeys(_ text: String) -> String {
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        var place = 0
        while place < bytes.count {
            if place == 0 || !isWord(bytes[place - 1]), let found = token(in: bytes, at: place) {
                result += bytes[place..<found.lowerBound]
                result += mark.utf8
                place = found.upperBound
            } else {
                result.append(bytes[place])
                place += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// The bytes to hide, when a token starts at `place`; they start later where a scheme's name is kept.
    private static func token(in bytes: [UInt8], at place: Int) -> Range<Int>? {
        for scheme in ["bearer", "basic"] where matches(scheme, bytes, place) {
            let start = bytes[(place + scheme.utf8.count)...].firstIndex { $0 != 0x20 && $0 != 0x09 } ?? bytes.count
            let end = bytes[start...].firstIndex { $0 <= 0x20 || $0 == UInt8(ascii: "\"") } ?? bytes.count
            // "basic plan" is no credential: Base64 of a name and a password is longer than any such word.
            let least = scheme == "basic" ? 12 : 1
            if start > place + scheme.utf8.count, end - start >= least { return start..<end }
        }
        for (prefix, least) in prefixes where bytes[place...].starts(with: prefix.utf8) {
            let end = bytes[(place + prefix.utf8.count)...].firstIndex { !isTokenByte($0) } ?? bytes.count
            if end - place - prefix.utf8.count >= least { return place..<end }
        }
        return nil
    }

    /// What keys start with, and how many bytes must follow before it is taken for one.
    private static let prefixes: [(String, Int)] = [
        ("sk-", 4), ("slc_", 4), ("sk_", 8), ("pk_", 8), ("rk_", 8), ("gsk_", 8), ("xai-", 8), ("pplx-", 8),
        ("nvapi-", 8), ("hf_", 8), ("ghp_", 8), ("AIza", 16), ("AKIA", 12), ("eyJ", 16),
    ]

    private static func matches(_ word: String, _ bytes: [UInt8], _ place: Int) -> Bool {
        let part = bytes[place...].prefix(word.utf8.count)
        return part.count == word.utf8.count && zip(part, word.utf8).allSatisfy { $0 | 0x20 == $1 }
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (97...122).contains(byte | 0x20)
    }

    /// A masked key (`sk-ab***yz`) is hidden whole.
    private static func isTokenByte(_ byte: UInt8) -> Bool {
        isWord(byte) || "-_.*".utf8.contains(byte)
    }

    /// Runs of control, format and line-breaking characters become one space.
    private static func withoutControls(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        var wasControl = false
        for scalar in text.unicodeScalars {
            let isControl = [.control, .format, .lineSeparator, .paragraphSeparator]
                .contains(scalar.properties.generalCategory)
            if !isControl { result.append(scalar) } else if !wasControl { result.append(" ") }
            wasControl = isControl
        }
        return String(result)
    }
}
