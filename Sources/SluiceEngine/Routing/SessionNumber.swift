import Crypto
package import SluiceTypes

/// The number by which a session is found again, after a restart too.
package enum SessionNumber {
    /// The number of what `owner` calls so, or begins so.
    package static func of(_ owner: OwnerID, _ bytes: [UInt8]) -> UInt64 {
        var hash = SHA256()
        hash.update(data: Array("\(owner.rawValue)\0".utf8))
        hash.update(data: bytes)
        return hash.finalize().prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }
}
