import SluiceStore

/// Where the server listens.
package struct BoundAddress: Sendable, Hashable, CustomStringConvertible {
    package var host: String
    package var port: Int

    /// `host:port`, an IPv6 host in brackets.
    package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
