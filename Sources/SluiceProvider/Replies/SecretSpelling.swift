import FoundationEssentials
import SluiceTypes

/// Finds a secret in a text whatever it was made of on its way: percent-encoded, wholly or in part, escaped as in JSON or
/// HTML, or in Base64, alone or behind some other text.
struct SecretSpelling: Sendable {
    /// What is looked for, byte by byte; the first is the secret itself.
    private let forms: [[UInt8]]

    /// A part of a Base64 text that is shorter says too little, and stands in many texts.
    private static let shortestPart = 8

    /// What is shorter keeps nothing secret: it fills the place of a key that a provider does not ask for, and would be found in
    /// every other word.
    private static let shortest = 4

    /// Nil for a secret of fewer than four bytes.
    init?(_ secret: String) {
        guard secret.utf8.count >= SecretSpelling.shortest else { return nil }
        forms = [Array(secret.utf8)] + SecretSpelling.encodedParts(Array(secret.utf8))
    }

    /// What of the secret's Base64 does not depend on what stands around it, for each of the three places in a group of three
    /// bytes at which it may begin.
    private static func encodedParts(_ secret: [UInt8]) -> [[UInt8]] {
        (0..<3).compactMap { before in
            let bytes = Array(repeating: UInt8(0), count: before) + secret
            let text = Array(Data(bytes).base64EncodedString().utf8)
            let part = text[(before * 8 + 5) / 6..<bytes.count * 8 / 6]
            return part.count >= shortestPart ? Array(part) : nil
        }
    }

    /// The first place at or behind `start` where the secret stands; nil for none.
    private func find(in text: [UInt8], from start: Int) -> Range<Int>? {
        for place in text.indices.dropFirst(start) {
            for (index, form) in forms.enumerated() {
                if let end = end(of: form, isEncoded: index > 0, in: text, at: place) { return place..<end }
            }
        }
        return nil
    }

    /// `text` with a mark in the place of each.
    func hide(in text: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var place = 0
        while let found = find(in: text, from: place) {
            result += text[place..<found.lowerBound]
            result += Redaction.mark.utf8
            place = found.upperBound
        }
        return place == 0 ? text : result + text[place...]
    }

    private func end(of form: [UInt8], isEncoded: Bool, in text: [UInt8], at start: Int) -> Int? {
        var place = start
        for byte in form {
            guard let length = length(of: byte, isEncoded, in: text, at: place) else { return nil }
            place += length
        }
        // The letter behind holds the secret's last bits, where these do not fill one.
        if isEncoded, place < text.count, SecretSpelling.isLetter(text[place]) { place += 1 }
        while isEncoded, place < text.count, text[place] == UInt8(ascii: "=") { place += 1 }
        return place
    }

    /// Whether a byte is of Base64's alphabet.
    private static func isLetter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: "+/-_".utf8.contains(byte)
        }
    }

    /// How many bytes at `place` stand for `byte`; nil where they don't.
    private func length(of byte: UInt8, _ isEncoded: Bool, in text: [UInt8], at place: Int) -> Int? {
        guard place < text.count else { return nil }
        if text[place] == byte { return 1 }
        switch text[place] {
        // Base64's alphabet for URLs.
        case UInt8(ascii: "-") where isEncoded && byte == UInt8(ascii: "+"): return 1
        case UInt8(ascii: "_") where isEncoded && byte == UInt8(ascii: "/"): return 1
        case UInt8(ascii: "+") where byte == UInt8(ascii: " "): return 1
        case UInt8(ascii: "%"):
            // Encoded twice, the sign itself is.
            let twice = text[place...].starts(with: "%25".utf8) ? 2 : 0
            return SecretSpelling.isHexadecimal(text, place + 1 + twice, 2, byte) ? 3 + twice : nil
        case UInt8(ascii: "\\"):
            guard place + 1 < text.count else { return nil }
            if text[place + 1] == UInt8(ascii: "u") {
                return SecretSpelling.isHexadecimal(text, place + 2, 4, byte) ? 6 : nil
            }
            return text[place + 1] == byte ? 2 : nil
        case UInt8(ascii: "&"):
            return SecretSpelling.entities[byte].flatMap { text[place...].starts(with: $0) ? $0.count : nil }
        default: return nil
        }
    }

    private static let entities: [UInt8: [UInt8]] = [
        UInt8(ascii: "&"): Array("&amp;".utf8), UInt8(ascii: "<"): Array("&lt;".utf8),
        UInt8(ascii: ">"): Array("&gt;".utf8), UInt8(ascii: "\""): Array("&quot;".utf8),
        UInt8(ascii: "'"): Array("&#39;".utf8),
    ]

    private static func isHexadecimal(_ text: [UInt8], _ place: Int, _ count: Int, _ byte: UInt8) -> Bool {
        guard place + count <= text.count else { return false }
        return Int(String(decoding: text[place..<place + count], as: UTF8.self), radix: 16) == Int(byte)
    }
}

extension Secret {
    fileprivate var spelling: SecretSpelling? { reveal { SecretSpelling($0) } }
}

extension [Secret] {
    /// How each of them may be spelt.
    var spellings: [SecretSpelling] { compactMap(\.spelling) }
}
