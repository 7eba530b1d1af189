package import SluiceTypes

/// The text of an API token: `slc_<id 8>_<secret 32><checksum 6>`, all in base 62.
///
/// The checksum is the CRC-32 (ISO-HDLC) of everything before it, so that junk is refused without a look-up.
package struct TokenText: Sendable {
    /// The public part.
    package let id: TokenID
    /// The whole text.
    package let secret: Secret

    /// Makes a new token: 47 random bits of id and 190 of secret from the system's generator.
    package static func mint() -> TokenText {
        var random = SystemRandomNumberGenerator()
        let id = Base62.random(8, using: &random)
        let body = "slc_\(id)_\(Base62.random(32, using: &random))"
        return TokenText(id: TokenID(rawValue: id), secret: Secret(body + checksum(of: body)))
    }

    private init(id: TokenID, secret: Secret) {
        self.id = id
        self.secret = secret
    }

    /// Reads a token's text; nil for anything whose shape or checksum is wrong.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == TokenText.length, bytes.starts(with: "slc_".utf8), bytes[12] == UInt8(ascii: "_"),
            bytes[4..<12].allSatisfy(Base62.isDigit), bytes[13...].allSatisfy(Base62.isDigit)
        else { return nil }
        let body = String(decoding: bytes[..<45], as: UTF8.self)
        guard TokenText.checksum(of: body).utf8.elementsEqual(bytes[45...]) else { return nil }
        self.init(id: TokenID(rawValue: String(decoding: bytes[4..<12], as: UTF8.self)), secret: Secret(text))
    }

    package var hash: TokenHash { secret.reveal { TokenHash(of: $0) } }

    private static let length = 51

    private static func checksum(of body: String) -> String {
        Base62.text(UInt64(CRC32.checksum(body.utf8)), digits: 6)
    }
}

/// Digits, capitals, small letters.
enum Base62 {
    private static let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

    static func isDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default: false
        }
    }

    static func random(_ count: Int, using random: inout some RandomNumberGenerator) -> String {
        String(decoding: (0..<count).map { _ in alphabet[Int.random(in: 0..<62, using: &random)] }, as: UTF8.self)
    }

    /// The number in exactly that many digits, the lowest ones.
    static func text(_ number: UInt64, digits: Int) -> String {
        var rest = number
        var bytes = [UInt8](repeating: alphabet[0], count: digits)
        for place in bytes.indices.reversed() {
            bytes[place] = alphabet[Int(rest % 62)]
            rest /= 62
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// CRC-32 as in ISO-HDLC (the one of gzip and Ethernet).
enum CRC32 {
    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1 }
    }

    static func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
        ~bytes.reduce(~UInt32(0)) { table[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] ^ ($0 >> 8) }
    }
}
