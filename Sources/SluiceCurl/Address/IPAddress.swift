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
            self = .v6(IPAddress.bytes(of: six))
        } else {
            return nil
        }
    }

    /// Reads a socket address; nil for another family than the two of the Internet.
    init?(_ address: UnsafePointer<sockaddr>) {
        switch Int32(unsafe address.pointee.sa_family) {
        case AF_INET:
            self = unsafe address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                unsafe .v4(UInt32(bigEndian: $0.pointee.sin_addr.s_addr))
            }
        case AF_INET6:
            self = unsafe address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) {
                unsafe .v6(IPAddress.bytes(of: $0.pointee.sin6_addr))
            }
        default:
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

    private static func bytes(of address: in6_addr) -> SIMD16<UInt8> {
        unsafe withUnsafeBytes(of: address) { unsafe $0.loadUnaligned(as: SIMD16<UInt8>.self) }
    }
}
