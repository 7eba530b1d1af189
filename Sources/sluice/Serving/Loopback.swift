/// Tells addresses that only this machine reaches from others.
enum Loopback {
    /// True for `localhost`, `127.x.y.z` and `::1`.
    static func contains(_ host: String) -> Bool {
        if host == "localhost" || host == "::1" || host == "[::1]" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}
