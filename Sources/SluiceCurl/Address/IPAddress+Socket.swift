import Glibc
import SluiceTypes

extension IPAddress {
    /// Reads a socket address; nil for another family than the two of the Internet.
    init?(_ address: UnsafePointer<sockaddr>) {
        switch Int32(unsafe address.pointee.sa_family) {
        case AF_INET:
            self = unsafe address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                unsafe .v4(UInt32(bigEndian: $0.pointee.sin_addr.s_addr))
            }
        case AF_INET6:
            self = unsafe address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { six in
                unsafe .v6(
                    withUnsafeBytes(of: six.pointee.sin6_addr) { unsafe $0.loadUnaligned(as: SIMD16<UInt8>.self) }
                )
            }
        default:
            return nil
        }
    }
}
