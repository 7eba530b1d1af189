import ArgumentParser

/// An address to listen on, as in `127.0.0.1:9464` or `[::1]:9464`; the empty text for none.
struct HostAndPort: Hashable, Sendable, ExpressibleByArgument {
    /// Nil for none; an IPv6 host without its brackets, and port 0 for a free one.
    var place: Place?

    struct Place: Hashable, Sendable {
        var host: String
        var port: Int
    }

    init() {}

    init?(argument: String) {
        guard let colon = argument.lastIndex(of: ":"), let port = UInt16(argument[argument.index(after: colon)...]),
            let host = Host(argument: String(argument[..<colon])),
            !host.name.contains(":") || argument.hasPrefix("[")
        else { return nil }
        place = Place(host: host.name, port: Int(port))
    }

    var defaultValueDescription: String {
        place.map { $0.host.contains(":") ? "[\($0.host)]:\($0.port)" : "\($0.host):\($0.port)" } ?? ""
    }
}
