/// The name of a span within its trace: 8 bytes, not all of them 0.
///
/// Source: <https://www.w3.org/TR/trace-context/#parent-id>.
public struct SpanID: Hashable, Sendable, CustomStringConvertible {
    private let word: UInt64

    /// Takes the 8 bytes as a number, most significant first; nil for 0.
    public init?(_ word: UInt64) {
        guard word != 0 else { return nil }
        self.word = word
    }

    /// Reads 16 lower-case hex digits; nil for anything else.
    init?(hex: some StringProtocol) {
        guard hex.utf8.count == 16, let word = UInt64(lowercaseHex: hex.utf8) else { return nil }
        self.init(word)
    }

    /// Makes a new one of the system's random numbers.
    public static func random() -> SpanID { SpanID(.random(in: 1 ... .max)) ?? random() }

    /// The 8 bytes, most significant first.
    public var bytes: [UInt8] { word.bigEndianBytes }

    /// 16 lower-case hex digits.
    public var description: String { word.lowercaseHex }
}

extension UInt64 {
    /// Reads lower-case hex digits, 16 at most; nil for anything else.
    init?(lowercaseHex digits: some Sequence<UInt8>) {
        var word: UInt64 = 0
        for digit in digits {
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): word = word << 4 | UInt64(digit - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): word = word << 4 | UInt64(digit - UInt8(ascii: "a") + 10)
            default: return nil
            }
        }
        self = word
    }

    /// 16 lower-case hex digits.
    var lowercaseHex: String {
        let digits = String(self, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }

    /// The 8 bytes, most significant first.
    var bigEndianBytes: [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: self >> (56 - 8 * $0)) } }
}
