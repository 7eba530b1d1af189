/// Hosts that are private addresses as they stand.
///
/// The transport refuses more than these, behind names too, each time that it connects; this tells the commonest ones
/// where the file is read. Loopback addresses are not among them: whoever writes one means this machine.
enum PrivateAddress {
    /// True for a private, link-local or unspecified address in its usual form (RFC 1918, 3927, 4193, 4291, 6598).
    ///
    /// `host` is in lower case, an IPv6 address in brackets.
    static func isWritten(_ host: String) -> Bool {
        host.hasPrefix("[") ? isPrivate6(host.dropFirst()) : isPrivate4(host)
    }

    private static func isPrivate4(_ host: String) -> Bool {
        let numbers = host.split(separator: ".").compactMap { UInt8($0) }
        // A zero in front makes a number octal for the transport, so it is left to that.
        guard numbers.count == 4, numbers.map({ String($0) }).joined(separator: ".") == host else { return false }
        return switch (numbers[0], numbers[1]) {
        case (0, _), (10, _), (172, 16...31), (192, 168), (169, 254), (100, 64...127): true
        default: false
        }
    }

    /// All of `f…::/4`: unique local, link-local, site-local and multicast.
    private static func isPrivate6(_ address: Substring) -> Bool {
        address.hasPrefix("f") && address.prefix { $0 != ":" }.count == 4
    }
}
