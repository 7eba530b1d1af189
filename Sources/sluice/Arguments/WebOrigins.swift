import ArgumentParser

/// Origins of web pages, separated by commas: scheme, host and port as browsers send them.
struct WebOrigins: Hashable, Sendable, ExpressibleByArgument {
    var origins: Set<String>

    init(_ origins: Set<String> = []) {
        self.origins = origins
    }

    /// Nil for `*` and `null`, which are every page and no page in particular, and for what has a path.
    init?(argument: String) {
        let parts = argument.split(separator: ",", omittingEmptySubsequences: false).map { part in
            String(part.drop { $0 == " " }).lowercased()
        }
        guard parts.allSatisfy(WebOrigins.isOrigin) else { return nil }
        origins = Set(parts)
    }

    private static func isOrigin(_ text: String) -> Bool {
        guard let scheme = ["https://", "http://"].first(where: text.hasPrefix) else { return false }
        let host = text.dropFirst(scheme.count)
        return !host.isEmpty
            && host.utf8.allSatisfy { byte in
                byte > 0x20 && byte < 0x7F && !"/?#@*,\\\"'<>".utf8.contains(byte)
            }
    }

    var defaultValueDescription: String { origins.sorted().joined(separator: ",") }
}
