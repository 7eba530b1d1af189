import Glibc
import NIOCore

/// Finds the field `Upgrade` in what a connection brings, so that it can be given another name.
///
/// A server may ignore the field (RFC 9110, section 7.8), and clients that would like HTTP/2 send it with each request. NIO's
/// decoder stops for good at it, and whatever follows on the connection is never read. Of the field nothing but its name
/// changes: the head keeps its length, its lines, and with them whatever continues a line.
enum UpgradeField {
    /// What stands in the place of the name.
    static let otherName = "Ignored"

    private static let name = Array("upgrade:".utf8)

    /// Where the field, or what may become one, begins.
    enum Place: Equatable {
        /// The whole name is there.
        case whole(at: Int)
        /// The bytes end within the name.
        case partial(at: Int)
    }

    /// The first place at a line's start that holds the field's name, from `start` on; nil for none.
    ///
    /// `startsLine` tells that a line begins with the first of `bytes`.
    static func find(in bytes: ByteBufferView, from start: Int, startsLine: Bool) -> Place? {
        var line = bytes.index(bytes.startIndex, offsetBy: start)
        if start > 0 || !startsLine {
            guard let next = nextLine(in: bytes, from: line) else { return nil }
            line = next
        }
        while true {
            // Most lines begin with another letter, and comparing costs more than asking for it.
            guard let first = bytes[line...].first else { return nil }
            let matched = lowercased(first) == name[0] ? matchedBytes(in: bytes[line...]) : 0
            if matched == name.count { return .whole(at: line - bytes.startIndex) }
            if matched > 0, line + matched == bytes.endIndex { return .partial(at: line - bytes.startIndex) }
            guard let next = nextLine(in: bytes, from: line) else { return nil }
            line = next
        }
    }

    private static func nextLine(in bytes: ByteBufferView, from start: Int) -> Int? {
        // All of a body passes here too: byte by byte it would cost more than to read it.
        let length = unsafe bytes[start...].withUnsafeBytes { rest -> Int? in
            guard let first = rest.baseAddress, let end = unsafe memchr(first, CInt(UInt8(ascii: "\n")), rest.count)
            else {
                return nil
            }
            return unsafe UnsafeRawPointer(end) - first + 1
        }
        guard let length, start + length < bytes.endIndex else { return nil }
        return start + length
    }

    /// How many bytes of the name `bytes` begin with, letter case ignored.
    private static func matchedBytes(in bytes: ByteBufferView) -> Int {
        var count = 0
        for byte in bytes {
            guard count < name.count, lowercased(byte) == name[count] else { return count }
            count += 1
        }
        return count
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }
}
