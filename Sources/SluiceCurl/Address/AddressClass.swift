import SluiceProvider
package import SluiceTypes

/// What an address is for, as far as a gateway must know.
package enum AddressClass: Sendable, Hashable {
    /// One that anybody on the Internet may have.
    case general
    /// This machine.
    case loopback
    /// A network of somebody's own, a link, a cloud's metadata service, or nothing that can answer a call.
    case special

    /// The class of `address`.
    ///
    /// IPv6 addresses that carry an IPv4 address (mapped, 6to4, NAT64) have the class of what they carry, except
    /// that a loopback address behind a translator is not this machine and counts as special. The tables are the
    /// special-purpose registries of RFC 6890 and what IANA added since.
    package init(_ address: IPAddress) {
        switch address {
        case .v4(let bits):
            self = AddressClass.of(bits)
        case .v6(let bytes):
            self = AddressClass.of(bytes)
        }
    }

    private static func of(_ bits: UInt32) -> AddressClass {
        if bits >> 24 == 127 { return .loopback }
        let special = specialV4.contains { network, length in bits >> (32 - length) == network >> (32 - length) }
        return special ? .special : .general
    }

    private static let specialV4: [(UInt32, UInt32)] = [
        (0x00_00_00_00, 8),  // this network
        (0x0A_00_00_00, 8),  // private, RFC 1918
        (0x64_40_00_00, 10),  // carrier-grade NAT, RFC 6598
        (0xA9_FE_00_00, 16),  // link-local, the clouds' metadata services among them
        (0xAC_10_00_00, 12),  // private, RFC 1918
        (0xC0_00_00_00, 24),  // protocol assignments
        (0xC0_00_02_00, 24),  // documentation
        (0xC0_58_63_00, 24),  // 6to4 relays
        (0xC0_A8_00_00, 16),  // private, RFC 1918
        (0xC6_12_00_00, 15),  // benchmarks
        (0xC6_33_64_00, 24),  // documentation
        (0xCB_00_71_00, 24),  // documentation
        (0xE0_00_00_00, 3),  // multicast, reserved, broadcast
    ]

    private static func of(_ bytes: SIMD16<UInt8>) -> AddressClass {
        let words = (0..<8).map { UInt16(bytes[2 * $0]) << 8 | UInt16(bytes[2 * $0 + 1]) }
        func carried(at word: Int) -> UInt32 { UInt32(words[word]) << 16 | UInt32(words[word + 1]) }
        func isZero(_ range: Range<Int>) -> Bool { words[range].allSatisfy { $0 == 0 } }
        func translated(at word: Int) -> AddressClass { of(carried(at: word)) == .general ? .general : .special }

        if isZero(0..<7) && words[7] == 1 { return .loopback }
        if isZero(0..<5) && words[5] == 0xFFFF { return of(carried(at: 6)) }
        if words[0] == 0x2002 { return translated(at: 1) }
        if words[0] == 0x0064 && words[1] == 0xFF9B && isZero(2..<6) { return translated(at: 6) }
        // Only 2000::/3 is given out; that leaves out unspecified, local, link-local, site-local, multicast.
        guard words[0] >> 13 == 1 else { return .special }
        // Teredo, benchmarks, ORCHID and other assignments of 2001::/23; documentation.
        if words[0] == 0x2001 && words[1] < 0x0200 { return .special }
        if words[0] == 0x2001 && words[1] == 0x0DB8 { return .special }
        if words[0] == 0x3FFF && words[1] < 0x1000 { return .special }
        return .general
    }
}

extension IPAddress {
    /// Whether `call` may connect here, on its way to where it goes.
    func isAllowed(on call: PreparedCall) -> Bool {
        isAllowed(private: call.allowPrivatePeer, namesLoopback: call.peer.namesLoopback)
    }

    /// Whether a call may connect here that is allowed private addresses, or not.
    ///
    /// `namesLoopback` says that the URL's host is itself a loopback address or `localhost`; whoever wrote that
    /// meant this machine.
    func isAllowed(private isPrivateAllowed: Bool, namesLoopback: Bool) -> Bool {
        switch AddressClass(self) {
        case .general: true
        case .loopback: isPrivateAllowed || namesLoopback
        case .special: isPrivateAllowed
        }
    }
}
