/// Bodies as clients compress them, though these compressors save nothing.
enum Packed {
    /// RFC 1952, with stored blocks (RFC 1951, section 3.2.4); `text` has at most 64 KiB.
    static func gzip(_ text: String) -> [UInt8] {
        let data = Array(text.utf8)
        let length = UInt16(data.count)
        return [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF, 1] + little(length) + little(~length) + data
            + little(checksum(data))
            + little(UInt32(data.count))
    }

    /// RFC 8878, with one raw block (section 3.1.1.2); `text` has at most 128 KiB.
    static func zstd(_ text: String) -> [UInt8] {
        head + block(UInt32(text.utf8.count), kind: 0, isLast: true) + text.utf8
    }

    /// A hundred bytes that come to 4 MiB of spaces.
    static let bomb =
        head + (0..<32).flatMap { block(128 << 10, kind: 1, isLast: $0 == 31) + [UInt8(ascii: " ")] }

    /// The magic number, a descriptor that says nothing, a window of 2 MiB.
    private static let head: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD, 0, 0x58]

    private static func block(_ size: UInt32, kind: UInt32, isLast: Bool) -> [UInt8] {
        Array(little(size << 3 | kind << 1 | (isLast ? 1 : 0)).prefix(3))
    }

    private static func little(_ number: some FixedWidthInteger) -> [UInt8] {
        (0..<number.bitWidth / 8).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
    }

    /// CRC-32 (RFC 1952, section 8).
    private static func checksum(_ data: [UInt8]) -> UInt32 {
        ~data.reduce(~0) { sum, byte in
            (0..<8).reduce(sum ^ UInt32(byte)) { rest, _ in rest & 1 == 1 ? 0xEDB8_8320 ^ rest >> 1 : rest >> 1 }
        }
    }
}
