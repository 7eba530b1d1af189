import CCurl
import Glibc
import SluiceProvider
import SluiceTypes

/// Where a URL leads, read by libcurl's own parser so that what is checked is what is called.
struct Target: Sendable, Hashable {
    /// True for `https`.
    var isSecure: Bool
    /// The host in lower case, without the brackets of an IPv6 address.
    var host: String
    /// The port, given or the scheme's.
    var port: UInt16
    /// The host as an address, if it is one.
    var address: IPAddress?

    /// True when the URL itself says this machine: a loopback address or `localhost`.
    var namesLoopback: Bool {
        host == "localhost" || address.map { AddressClass($0) == .loopback } ?? false
    }

    /// True for a host that is none of the Internet's as it is written: an address that is private or special, this machine, a cloud's
    /// metadata service.
    var isInward: Bool {
        if let address { return AddressClass(address) != .general }
        return host == "localhost" || host.hasSuffix(".localhost") || Target.metadataNames.contains(host)
    }

    /// The names of metadata services, by their vendors' documentation.
    private static let metadataNames: Set<String> = [
        "metadata", "metadata.google.internal", "metadata.goog", "instance-data", "instance-data.ec2.internal",
        "metadata.azure.internal", "metadata.packet.net", "metadata.tencentyun.com",
    ]

    /// Reads `url`.
    ///
    /// - Throws: `refused` for what isn't an absolute `http` or `https` URL of visible ASCII without a password.
    init(_ url: String) throws(TransportError) {
        guard url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw .refused("The URL has a space, a control character or a character beyond ASCII; percent-encode it.")
        }
        guard let parser = unsafe curl_url() else { throw .refused("libcurl has no memory to read the URL.") }
        defer { unsafe curl_url_cleanup(parser) }
        let flags = UInt32(CURLU_PATH_AS_IS) | UInt32(CURLU_NON_SUPPORT_SCHEME)
        guard unsafe curl_url_set(parser, CURLUPART_URL, url, flags) == CURLUE_OK else {
            throw .refused("The URL can't be read; it has to look like https://host/path.")
        }
        func part(_ part: CURLUPart) -> String? {
            var text: UnsafeMutablePointer<CChar>?
            guard unsafe curl_url_get(parser, part, &text, UInt32(CURLU_DEFAULT_PORT)) == CURLUE_OK else { return nil }
            defer { unsafe curl_free(text) }
            return unsafe text.map { unsafe String(cString: $0) }
        }

        guard let scheme = part(CURLUPART_SCHEME)?.lowercased(), scheme == "http" || scheme == "https" else {
            throw .refused("The URL's scheme is neither https nor http.")
        }
        guard part(CURLUPART_USER) == nil && part(CURLUPART_PASSWORD) == nil else {
            throw .refused("The URL has a user name or a password in it; use the row's credential.")
        }
        guard var host = part(CURLUPART_HOST)?.lowercased(), let port = part(CURLUPART_PORT).flatMap({ UInt16($0) })
        else {
            throw .refused("The URL has no host, or a port that isn't one.")
        }
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        address = IPAddress(host)
        guard address != nil || host.utf8.allSatisfy(Target.isNameByte) else {
            throw .refused("The URL's host has a character that no name or address has.")
        }
        guard !host.hasSuffix(".") else { throw .refused("The URL's host ends with a dot; leave it out.") }
        isSecure = scheme == "https"
        self.host = host
        self.port = port
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"): true
        default: false
        }
    }
}

extension TransportError {
    /// Nothing was tried, because of what `message` says.
    static func refused(_ message: String) -> TransportError {
        TransportError(.refused, requestSent: false, message)
    }
}
