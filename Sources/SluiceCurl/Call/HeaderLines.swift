import SluiceProvider
import SluiceTypes

/// The header lines of a call in the form in which libcurl takes them.
///
/// They hold the secret: they are for libcurl alone and are dropped with the call.
struct HeaderLines: Sendable {
    /// What libcurl would add by itself, taken back unless the call gives it.
    private static let takenBack = ["Accept", "Accept-Encoding", "Content-Type"]

    /// What says how the message is framed or what becomes of the connection; this room's business alone.
    private static let owned: Set<String> = [
        "connection", "content-length", "expect", "http2-settings", "keep-alive", "proxy-connection", "te", "trailer",
        "transfer-encoding", "upgrade",
    ]

    private(set) var lines: [String] = []

    /// Checks and writes the fields of a call, those that carry secrets last.
    ///
    /// - Throws: `refused` for a name that isn't an RFC 9110 token or is the transport's own, for a value with CR, LF
    ///   or NUL, and for a second field of the secret's name. The error names the field, never the value.
    init(_ fields: [HeaderField], secrets: [SecretHeader]) throws(TransportError) {
        lines.reserveCapacity(fields.count + 4)
        for field in fields {
            try append(field.name, field.value)
        }
        for secret in secrets {
            guard !fields.contains(where: { $0.isNamed(secret.name) }) else {
                throw .refused("The header field \(secret.name) carries the credential and is given a second time.")
            }
            try secret.secret.reveal { value throws(TransportError) in
                try append(secret.name, secret.prefix + value)
            }
        }
        for name in HeaderLines.takenBack where !fields.contains(where: { $0.isNamed(name) }) {
            lines.append("\(name):")
        }
        // libcurl would announce a large body with "Expect: 100-continue" and wait a second for the answer.
        lines.append("Expect:")
    }

    private mutating func append(_ name: String, _ value: String) throws(TransportError) {
        guard !name.isEmpty && name.utf8.allSatisfy(HeaderLines.isTokenByte) else {
            throw .refused("A header field's name has a character that no field name has.")
        }
        guard !HeaderLines.owned.contains(name.lowercased()) else {
            throw .refused("The header field \(name) is the transport's own; leave it out.")
        }
        guard value.utf8.allSatisfy({ $0 != 0x0D && $0 != 0x0A && $0 != 0 }) else {
            throw .refused("The value of the header field \(name) has a line break or a NUL in it.")
        }
        let trimmed = Substring(value.utf8.trimmingBlanks())
        // To libcurl "Name:" means to leave the field out and "Name;" means to send it empty.
        lines.append(trimmed.isEmpty ? "\(name);" : "\(name): \(trimmed)")
    }

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}
