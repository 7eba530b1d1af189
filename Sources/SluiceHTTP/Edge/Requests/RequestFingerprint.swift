import Crypto
import SluiceTypes

/// What tells whether two requests are the same.
enum RequestFingerprint {
    /// SHA-256 over owner, route, body, the models that a header field lets answer in the first one's place, and those fields of the head that
    /// change what is asked.
    static func of(
        _ owner: OwnerID,
        _ route: String,
        _ body: [UInt8],
        fallbacks: [String] = [],
        fields: [String] = []
    ) -> [UInt8] {
        var hash = SHA256()
        hash.update(data: Array("\(owner.rawValue)\0\(route)\0".utf8))
        if !fallbacks.isEmpty { hash.update(data: Array((fallbacks.joined(separator: "\u{1F}") + "\0").utf8)) }
        for field in fields { hash.update(data: Array("\(field)\0".utf8)) }
        hash.update(data: body)
        return unsafe hash.finalize().withUnsafeBytes { unsafe Array($0) }
    }
}
