import Glibc
package import SluiceTypes

/// Asks for the addresses of a host, blocking for as long as that takes.
///
/// It returns at least one address or throws a ``LookupFailure``.
package typealias Lookup = @Sendable (_ host: String) throws(LookupFailure) -> [IPAddress]

/// Why a host has no address: a sentence that may be shown.
package struct LookupFailure: Error, Sendable, Hashable {
    /// The sentence, without the host's name.
    package var message: String

    /// Creates a failure.
    package init(_ message: String) {
        self.message = message
    }
}

/// The system's look-up: files, DNS and whatever else `nsswitch.conf` names.
///
/// - Throws: a ``LookupFailure`` with the system's own words.
package func systemLookup(_ host: String) throws(LookupFailure) -> [IPAddress] {
    var hints = unsafe addrinfo()
    unsafe hints.ai_family = AF_UNSPEC
    unsafe hints.ai_flags = AI_ADDRCONFIG
    var first: UnsafeMutablePointer<addrinfo>?
    let status = unsafe getaddrinfo(host, nil, &hints, &first)
    guard status == 0 else { throw LookupFailure(unsafe String(cString: gai_strerror(status))) }
    defer { unsafe freeaddrinfo(first) }

    var addresses: [IPAddress] = []
    var next = unsafe first
    while let entry = unsafe next {
        if let socketAddress = unsafe entry.pointee.ai_addr, let address = unsafe IPAddress(socketAddress) {
            if !addresses.contains(address) { addresses.append(address) }
        }
        unsafe next = entry.pointee.ai_next
    }
    guard !addresses.isEmpty else { throw LookupFailure("the name has no IPv4 or IPv6 address") }
    return addresses
}
