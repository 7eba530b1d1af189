import Crypto
import SluiceProvider
import SluiceTypes

/// Who is behind a row and one of its credentials: rows that share all of host, key and own headers share an account.
///
/// It is an HMAC with the store's secret, so that it can be recognised after a restart and tells nothing of the key.
struct AccountID: Hashable, Sendable, CustomStringConvertible {
    /// 32 hex digits.
    let description: String

    /// The account of a row with a credential; `key` is the store's secret.
    ///
    /// `isSplit` tells that rows of the same origin differ in the first segment of their path: then several upstreams stand
    /// behind one gateway, and are strangers.
    init(_ row: ProviderRow, _ credential: Credential?, isSplit: Bool, key: SymmetricKey) {
        var parts: [String] = []
        if let endpoint = row.endpoint {
            parts += [endpoint.origin, isSplit ? endpoint.firstSegment : ""]
            let headers = endpoint.headers.map { "\($0.name.lowercased()): \($0.value)" }
            parts += headers.sorted()
            for field in endpoint.secretHeaders { parts.append(field.secret.reveal { "\(field.name): \($0)" }) }
        } else {
            parts.append(row.name)
        }
        var code = HMAC<SHA256>(key: key)
        for part in parts {
            code.update(data: Array(part.utf8))
            code.update(data: [0])
        }
        // Where a value was not found the slot stands for it.
        code.update(data: [1])
        let value = credential?.secret?.reveal { Array($0.utf8) } ?? Array((credential?.slot ?? "").utf8)
        code.update(data: value)
        description = code.finalize().prefix(16).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
