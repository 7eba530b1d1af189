import Glibc

/// An Internet address, as bytes in network order.
package enum IPAddress: Sendable, Hashable, CustomStringConvertible {
    /// The four bytes, first one highest.
    case v4(UInt32)
    /// The sixteen bytes.
    case v6(SIMD16<UInt8>)

    /// Reads the numeric form; nil for anything else, a name included.
    package init?(_ text: String) {
        var four = in_addr()
        var six = in6_addr()
        if unsafe inet_pton(AF_INET, text, &four) == 1 {
            self = .v4(UInt32(bigEndian: four.s_addr))
        } else if unsafe inet_pton(AF_INET6, text, &six) == 1 {
            self = unsafe .v6(withUnsafeBytes(of: six) { unsafe $0.loadUnaligned(as: SIMD16<UInt8>.self) })
        } else {
            return nil
        }
    }

    /// The numeric form.
    package var description: String {
        switch self {
        case .v4(let bits):
            return "\(bits >> 24).\(bits >> 16 & 255).\(bits >> 8 & 255).\(bits & 255)"
        case .v6(let bytes):
            // Without the `::` shorthand: every reader takes the long form.
            return stride(from: 0, to: 16, by: 2)
                .map { String(UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]), radix: 16) }
                .joined(separator: ":")
        }
    }

    /// The address of the fourth version that one of the sixth stands for (RFC 4291, section 2.5.5.2), else itself.
    package var unmapped: IPAddress {
        guard case .v6(let bytes) = self, (0..<10).allSatisfy({ bytes[$0] == 0 }), bytes[10] == 255, bytes[11] == 255
        else { return self }
        return .v4((12..<16).reduce(UInt32(0)) { $0 << 8 | UInt32(bytes[$1]) })
    }

    /// The bytes, four or sixteen of them.
    package var bytes: [UInt8] {
        switch self {
        case .v4(let bits): (0..<4).map { UInt8(truncatingIfNeeded: bits >> (24 - 8 * $0)) }
        case .v6(let bytes): (0..<16).map { bytes[$0] }
        }
    }
}
