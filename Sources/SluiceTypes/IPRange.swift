/// Internet addresses that begin alike, as in `10.0.0.0/8` (RFC 4632, section 3.1; RFC 4291, section 2.3).
package struct IPRange: Sendable, Hashable, CustomStringConvertible {
    private let first: IPAddress
    /// How many bits they have in common.
    private let length: Int

    /// Reads a range, or a single address; nil for anything else, and for one with bits behind its length.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count <= 2, let address = parts.first.flatMap({ IPAddress($0) }) else { return nil }
        let most = address.bytes.count * 8
        var length = most
        if parts.count == 2 {
            guard parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }), let given = Int(parts[1]), given <= most
            else {
                return nil
            }
            length = given
        }
        let bytes = address.bytes
        guard (length..<most).allSatisfy({ bytes[$0 / 8] & (0x80 >> UInt8($0 % 8)) == 0 }) else { return nil }
        first = address
        self.length = length
    }

    /// Whether an address is one of them; one that is written in the other version counts as what it stands for.
    package func contains(_ address: IPAddress) -> Bool {
        let (bytes, own) = (address.unmapped.bytes, first.unmapped.bytes)
        // A range of mapped addresses has 96 bits less once they are not.
        let shared = first.bytes.count == own.count ? length : length - 96
        guard bytes.count == own.count, shared >= 0 else { return false }
        return (0..<shared).allSatisfy { bit in
            (bytes[bit / 8] ^ own[bit / 8]) & (0x80 >> UInt8(bit % 8)) == 0
        }
    }

    package var description: String { length == first.bytes.count * 8 ? "\(first)" : "\(first)/\(length)" }
}
