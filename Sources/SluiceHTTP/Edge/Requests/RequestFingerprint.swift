import Crypto
import SluiceTypes

/// What tells whether two requests are the same.
enum RequestFingerprint {
    /// SHA-256 over owner, route and body.
    static func of(_ owner: OwnerID, _ route: String, _ body: [UInt8]) -> [UInt8] {
        var hash = SHA256()
        hash.update(data: Array("\(owner.rawValue)\0\(route)\0".utf8))
        hash.update(data: body)
        return unsafe hash.finalize().withUnsafeBytes { unsafe Array($0) }
    }
}
