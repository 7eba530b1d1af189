/// Looks at addresses to which something is sent: `https://…` or `http://…`.
enum HTTPAddress {
    /// Whether a text may be one: a scheme, a host, and nothing that a URL can't have.
    static func isOne(_ text: String) -> Bool {
        let lower = text.lowercased()
        guard let scheme = ["https://", "http://"].first(where: lower.hasPrefix) else { return false }
        let rest = text.utf8.dropFirst(scheme.utf8.count)
        let host = rest.prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }
        return !host.isEmpty && rest.allSatisfy { $0 > 0x20 && $0 < 0x7F } && text.utf8.count <= 4096
    }
}
