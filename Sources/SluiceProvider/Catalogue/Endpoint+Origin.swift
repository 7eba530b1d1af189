extension Endpoint {
    /// Scheme, host and port, as in `https://api.openai.com:443`: what one connection leads to (RFC 6454).
    public var origin: String {
        let (scheme, authority, _) = parts
        // The colons of an IPv6 address stand within its brackets.
        let behindHost = authority.lastIndex(of: "]") ?? authority.startIndex
        guard !authority[behindHost...].contains(":") else { return "\(scheme)://\(authority)" }
        return "\(scheme)://\(authority):\(scheme == "https" ? 443 : 80)"
    }

    /// The host, in lower case; an IPv6 address in its brackets.
    public var host: String {
        let authority = parts.authority
        let end = authority.lastIndex(of: "]").map { authority.index(after: $0) }
        return String(authority[..<(end ?? authority.firstIndex(of: ":") ?? authority.endIndex)])
    }

    /// The first segment of the path; empty where there is none.
    public var firstSegment: String {
        parts.path.split(separator: "/", maxSplits: 1).first.map(String.init) ?? ""
    }

    private var parts: (scheme: Substring, authority: Substring, path: Substring) {
        let scheme = baseURL.prefix { $0 != ":" }
        let rest = baseURL.dropFirst(scheme.count + 3)
        let authority = rest.prefix { $0 != "/" }
        return (scheme, authority, rest.dropFirst(authority.count))
    }
}
