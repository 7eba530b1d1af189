import SluiceProvider

/// Checks the address of a provider.
enum BaseURL {
    /// What is wrong, without the URL: it might hold a password.
    struct Fault: Error {
        var message: String
    }

    /// The URL without a `/` at its end, its scheme and host in lower case.
    ///
    /// - Throws: ``Fault`` unless it is an absolute `https` URL of host, port and path (RFC 3986), or an `http` one that
    ///   is allowed, to a host that may be called.
    static func normalize(_ text: String, _ policy: EndpointPolicy) throws(Fault) -> String {
        guard text.utf8.allSatisfy(isURLByte) else {
            throw Fault(message: "holds a character that a URL can't have")
        }
        guard let colon = text.firstIndex(of: ":"), text[colon...].hasPrefix("://") else {
            throw Fault(message: "must be a whole URL that starts with https://")
        }
        let scheme = text[..<colon].lowercased()
        let rest = text[text.index(colon, offsetBy: 3)...]
        guard scheme == "https" || scheme == "http" else { throw Fault(message: "must start with https://") }
        guard !rest.contains("#") else { throw Fault(message: "must have no fragment (\"#…\")") }
        guard !rest.contains("?") else {
            throw Fault(message: "must have no query (\"?…\"); write it as \"query\": {\"name\": \"value\"}")
        }
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        let host = try checkAuthority(rest[..<slash])
        var wrong: [String] = []
        if !policy.allowPrivate, PrivateAddress.isWritten(host) {
            wrong.append("is a private address, which is not called; \"allowPrivate\": true allows it")
        }
        if scheme != "https", !policy.allowPlainHTTP, !isLoopback(host) {
            wrong.append("must be https: http is for loopback hosts, or for a row with \"allowPlainHTTP\": true")
        }
        guard wrong.isEmpty else { throw Fault(message: wrong.joined(separator: "; and ")) }
        try checkPath(rest[slash...])
        let path = rest[slash...].reversed().drop { $0 == "/" }.reversed()
        return "\(scheme)://\(rest[..<slash].lowercased())\(String(path))"
    }

    /// The host of `host[:port]`, in lower case.
    private static func checkAuthority(_ authority: Substring) throws(Fault) -> String {
        guard !authority.contains("@") else {
            throw Fault(message: "must hold no user name or password; use \"credential\"")
        }
        var host = authority
        var port: Substring?
        let bracket = authority.lastIndex(of: "]")
        if let colon = authority.lastIndex(of: ":"), colon > bracket ?? authority.startIndex {
            host = authority[..<colon]
            port = authority[authority.index(after: colon)...]
        }
        let isPort = port.map { digits in
            digits.utf8.allSatisfy { (48...57).contains($0) } && (1...65_535).contains(Int(digits) ?? 0)
        }
        guard isPort ?? true else { throw Fault(message: "must have a port from 1 to 65535, or none") }
        let name = host.lowercased()
        guard bracket == nil ? isName(name) : isAddress6(name) else { throw Fault(message: "has no valid host") }
        return name
    }

    private static func checkPath(_ path: Substring) throws(Fault) {
        guard !path.split(separator: "/").contains(where: { $0 == "." || $0 == ".." }) else {
            throw Fault(message: "must have no \".\" or \"..\" in its path")
        }
        guard !SecretShape.isKnownKey(String(path)) else {
            throw Fault(message: "looks as if it held a secret; \(SecretShape.hint)")
        }
    }

    /// True for `localhost`, 127.0.0.0/8 and `::1`.
    static func isLoopback(_ host: String) -> Bool {
        let numbers = host.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        return host == "localhost" || host == "[::1]"
            || numbers.count == 4 && numbers[0] == 127 && !numbers.contains(nil)
    }

    private static func isName(_ host: String) -> Bool {
        !host.isEmpty && host.utf8.count <= 253
            && host.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
                !label.isEmpty
                    && label.utf8.allSatisfy {
                        isAlphanumeric($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
                    }
            }
    }

    private static func isAddress6(_ host: String) -> Bool {
        guard host.hasPrefix("["), host.hasSuffix("]") else { return false }
        let inner = host.dropFirst().dropLast()
        return inner.utf8.allSatisfy { (48...58).contains($0) || (97...102).contains($0) || $0 == UInt8(ascii: ".") }
            && inner.split(separator: ":").count <= 8
            && (inner.contains("::") || inner.split(separator: ":").count >= 7)
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (97...122).contains(byte | 0x20)
    }

    private static func isURLByte(_ byte: UInt8) -> Bool {
        isAlphanumeric(byte) || "-._~:/?#[]@!$&'()*+,;=%".utf8.contains(byte)
    }
}
