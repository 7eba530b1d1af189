import ArgumentParser

/// An address that is told of alarms: `https://…` or `http://…`; the empty text for none.
struct AlarmURL: Hashable, Sendable, ExpressibleByArgument {
    var text: String

    init() {
        text = ""
    }

    init?(argument: String) {
        let lower = argument.lowercased()
        guard let scheme = ["https://", "http://"].first(where: lower.hasPrefix) else { return nil }
        let rest = argument.utf8.dropFirst(scheme.utf8.count)
        let host = rest.prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }
        guard !host.isEmpty, rest.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), argument.utf8.count <= 4096 else {
            return nil
        }
        text = argument
    }

    var defaultValueDescription: String { "" }
}
