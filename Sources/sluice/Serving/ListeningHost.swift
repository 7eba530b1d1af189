import Glibc

/// The host that `serve` is to listen on.
enum ListeningHost {
    /// Looks the host up, as listening on it will.
    ///
    /// - Throws: ``Failure`` for one without an address.
    static func check(_ host: String) throws(Failure) {
        var first: UnsafeMutablePointer<addrinfo>?
        let status = unsafe getaddrinfo(host, nil, nil, &first)
        guard status != 0 else { return unsafe freeaddrinfo(first) }
        let reason = unsafe String(cString: gai_strerror(status))
        throw Failure(
            "\(Printable.line(host)) has no address (\(reason)): give --host an address of this machine, as in 127.0.0.1."
        )
    }
}
