import Crypto
package import SluiceTypes

/// What stands for a caller's conversation in the ledger: it tells calls of one from those of another, and nothing of its name.
package struct SessionMark: Sendable, Hashable, CustomStringConvertible {
    /// Eight bytes.
    package let bytes: [UInt8]

    /// The mark of what `owner` calls `session`: an HMAC with the store's secret.
    package init(_ session: String, of owner: OwnerID, secret: [UInt8]) {
        var code = HMAC<SHA256>(key: SymmetricKey(data: secret))
        code.update(data: Array("session\0\(owner.rawValue)\0".utf8))
        code.update(data: Array(session.utf8))
        bytes = Array(code.finalize().prefix(8))
    }

    /// As it was kept; nil for anything but eight bytes.
    package init?(bytes: [UInt8]) {
        guard bytes.count == 8 else { return nil }
        self.bytes = bytes
    }

    /// As it is written; nil for anything but 16 lower-case hex digits.
    package init?(_ text: String) {
        let digits = text.utf8.compactMap {
            UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 || UInt8(ascii: "a")...UInt8(ascii: "f") ~= $0 ? $0 : nil
        }
        guard text.utf8.count == 16, digits.count == 16, let number = UInt64(text, radix: 16) else { return nil }
        bytes = (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) }
    }

    /// 16 hex digits.
    package var description: String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
