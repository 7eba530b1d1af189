/// The name of a trace: 16 bytes, not all of them 0.
///
/// Source: <https://www.w3.org/TR/trace-context/#trace-id>.
public struct TraceID: Hashable, Sendable, CustomStringConvertible {
    private let high: UInt64
    private let low: UInt64

    private init?(_ high: UInt64, _ low: UInt64) {
        guard high != 0 || low != 0 else { return nil }
        (self.high, self.low) = (high, low)
    }

    /// Takes 16 bytes, most significant first; nil for any other count, and for nothing but zeros.
    public init?(bytes: [UInt8]) {
        let found = unsafe bytes.withUnsafeBytes { unsafe TraceID(bytes: $0) }
        guard let found else { return nil }
        self = found
    }

    private init?(bytes: UnsafeRawBufferPointer) {
        guard bytes.count == 16 else { return nil }
        unsafe self.init(
            UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
            UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        )
    }

    /// The trace with a job's own name; nil for the id that is nothing but zeros, which no job has.
    public init?(_ job: JobID) {
        let found = unsafe job.withUnsafeBytes { unsafe TraceID(bytes: $0) }
        guard let found else { return nil }
        self = found
    }

    /// Reads 32 lower-case hex digits; nil for anything else.
    init?(hex: some StringProtocol) {
        guard hex.utf8.count == 32, let high = UInt64(lowercaseHex: hex.utf8.prefix(16)),
            let low = UInt64(lowercaseHex: hex.utf8.dropFirst(16))
        else { return nil }
        self.init(high, low)
    }

    /// Makes a new one of the system's random numbers.
    public static func random() -> TraceID { TraceID(.random(in: .min ... .max), .random(in: 1 ... .max)) ?? random() }

    /// The 16 bytes, most significant first.
    public var bytes: [UInt8] { high.bigEndianBytes + low.bigEndianBytes }

    /// Where it lies between 0 and 1, by its last 56 bits: those are random also in a trace that has a job's name, and they are
    /// those that samplers agree on.
    ///
    /// Source: <https://www.w3.org/TR/trace-context-2/#randomness-of-trace-id>.
    public var share: Double { Double(low & 0x00ff_ffff_ffff_ffff) / Double(UInt64(1) << 56) }

    /// 32 lower-case hex digits.
    public var description: String { high.lowercaseHex + low.lowercaseHex }
}
