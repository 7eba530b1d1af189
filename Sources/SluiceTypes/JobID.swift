/// The name of a job: a UUID of version 7 (RFC 9562, section 5.7), so that ids sort by the time they were made.
///
/// Its 12 bits `rand_a` are the number of the cell that made it, 0 for the only one; `docs/decisions/0018` tells why.
public struct JobID: Hashable, Comparable, Sendable {
    private let high: UInt64
    private let low: UInt64

    /// The number of this cell.
    private static let cell: UInt64 = 0

    private init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Makes a new id for the moment `now`; its last 62 bits are random.
    public static func generate(at now: Timestamp, using random: inout some RandomNumberGenerator) -> JobID {
        // The clock has 48 bits; a moment beyond either end is held there, so that ids stay in order.
        let clock = min(UInt64(clamping: now.milliseconds), 0xffff_ffff_ffff) << 16
        let high = clock | 0x7000 | JobID.cell
        let low = 0x8000_0000_0000_0000 | random.next() & 0x3fff_ffff_ffff_ffff
        return JobID(high: high, low: low)
    }

    /// Makes a new id for the moment `now` from the system's random numbers.
    public static func generate(at now: Timestamp) -> JobID {
        var random = SystemRandomNumberGenerator()
        return generate(at: now, using: &random)
    }

    /// Reads the 16 bytes of an id, most significant first; nil for any other count.
    public init?(bytes: [UInt8]) {
        guard let id = unsafe bytes.withUnsafeBytes({ unsafe JobID(bytes: $0) }) else { return nil }
        self = id
    }

    /// Reads the 16 bytes of an id, most significant first; nil for any other count.
    public init?(bytes: UnsafeRawBufferPointer) {
        guard bytes.count == 16 else { return nil }
        let high = unsafe UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self))
        let low = unsafe UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        self.init(high: high, low: low)
    }

    /// Reads an id in the 36-character text form, in either case; nil for anything else.
    public init?(_ text: some StringProtocol) {
        var words: (high: UInt64, low: UInt64) = (0, 0)
        var digits = 0
        var position = 0
        for byte in text.utf8 {
            defer { position += 1 }
            if position == 8 || position == 13 || position == 18 || position == 23 {
                guard byte == UInt8(ascii: "-") else { return nil }
                continue
            }
            let digit: UInt8
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
            default: return nil
            }
            if digits < 16 {
                words.high = words.high << 4 | UInt64(digit)
            } else {
                words.low = words.low << 4 | UInt64(digit)
            }
            digits += 1
        }
        guard position == 36, digits == 32 else { return nil }
        self.init(high: words.high, low: words.low)
    }

    /// When it was made, as it says itself (RFC 9562, section 5.7).
    public var moment: Timestamp { Timestamp(milliseconds: Int64(high >> 16)) }

    /// The 16 bytes, most significant first.
    public var bytes: [UInt8] { unsafe withUnsafeBytes { unsafe Array($0) } }

    /// Calls `body` with the 16 bytes, most significant first; they are there no longer than the call.
    public func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        unsafe Swift.withUnsafeBytes(of: (high.bigEndian, low.bigEndian)) { unsafe body($0) }
    }

    /// Orders ids as their bytes, and so by the time they were made.
    public static func < (left: JobID, right: JobID) -> Bool {
        (left.high, left.low) < (right.high, right.low)
    }
}

extension JobID: LosslessStringConvertible {
    /// Reads what `description` wrote; nil for anything else.
    public init?(_ description: String) {
        self.init(description[...])
    }

    /// The 36 characters of the lower-case text form.
    public var description: String {
        unsafe String(unsafeUninitializedCapacity: 36) { text in
            var rest = (high: high, low: low)
            for place in 0..<36 {
                if place == 8 || place == 13 || place == 18 || place == 23 {
                    unsafe text[place] = UInt8(ascii: "-")
                    continue
                }
                let digit = UInt8(rest.high >> 60)
                unsafe text[place] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
                rest = (rest.high << 4 | rest.low >> 60, rest.low << 4)
            }
            return 36
        }
    }
}

extension JobID {
    /// The lowest and the highest id whose text begins so; nil for what is no beginning of an id.
    public static func span(beginningWith text: String) -> (first: JobID, last: JobID)? {
        let shape = Array("00000000-0000-0000-0000-000000000000".utf8)
        let given = Array(text.utf8)
        guard given.count <= shape.count else { return nil }
        let rest = shape.dropFirst(given.count)
        let filled = { (digit: UInt8) in given + rest.map { $0 == UInt8(ascii: "-") ? $0 : digit } }
        guard let first = JobID(String(decoding: filled(UInt8(ascii: "0")), as: UTF8.self)),
            let last = JobID(String(decoding: filled(UInt8(ascii: "f")), as: UTF8.self))
        else { return nil }
        return (first, last)
    }
}
