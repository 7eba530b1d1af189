import Crypto

/// SHA-256 of a token's text, which is all that is kept of it.
package struct TokenHash: Hashable, Sendable {
    /// 32 bytes.
    package let bytes: [UInt8]

    package init(of text: String) {
        // The digest's own iterator allocates for each byte that it is asked for.
        bytes = unsafe SHA256.hash(data: Array(text.utf8)).withUnsafeBytes { unsafe Array($0) }
    }

    /// A hash as it was stored.
    init(stored bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Tells whether `stored` is this hash, in a time that does not depend on where they differ.
    package func matches(_ stored: [UInt8]) -> Bool {
        var difference: UInt8 = stored.count == bytes.count ? 0 : 1
        for (position, byte) in bytes.enumerated() {
            difference |= byte ^ (position < stored.count ? stored[position] : 0)
        }
        return difference == 0
    }
}
