import SluiceProvider
import SluiceTypes

/// The proxy that `HTTPS_PROXY` names, for hosts that `NO_PROXY` does not.
///
/// It is asked for by whoever starts the gateway, and never found by chance. A host is spared that equals an entry, or ends with it behind
/// a dot; `*` spares all (as curl reads it).
package struct EnvironmentProxy: Sendable {
    /// The proxy; nil where the variable is not set.
    let proxy: OutboundProxy?
    private let spared: [String]

    /// Reads the two variables.
    ///
    /// - Throws: ``ProviderFileError`` for a value that is no proxy's URL; it shows nothing of it.
    package init(_ environment: [String: String]) throws(ProviderFileError) {
        spared = (environment["NO_PROXY"] ?? "").split { $0 == "," || $0 == " " }.map { entry in
            let name = entry.lowercased().drop { $0 == "." || $0 == "*" }
            return entry == "*" ? "*" : String(name.hasPrefix("[") ? name[...] : name.prefix { $0 != ":" })
        }
        guard let text = environment["HTTPS_PROXY"], !text.isEmpty else {
            proxy = nil
            return
        }
        // User and password may stand in the URL; nowhere else are they read from one.
        let colon = text.firstIndex(of: ":")
        let hasScheme = colon.map { text[$0...].hasPrefix("://") } ?? false
        let scheme = hasScheme ? text[..<(colon ?? text.startIndex)] : "http"
        let rest = hasScheme ? text[scheme.endIndex...].dropFirst(3) : text[...]
        let at = rest.lastIndex(of: "@")
        let secret = at.map { Secret(PercentEncoding.decode(rest[..<$0])) }
        let url = "\(scheme)://\(at.map { rest[rest.index(after: $0)...] } ?? rest)"
        do throws(BaseURL.Fault) {
            let normal = try ProxyReader.normalize(url, allowPrivate: true)
            // Whoever starts the gateway named it for this machine; it may be on the same network.
            proxy = OutboundProxy(url: normal, secret: secret, allowPrivate: true)
        } catch {
            throw ProviderFileError(file: "HTTPS_PROXY", faults: [.init(error.message)])
        }
    }

    /// The proxy for calls to `host`; nil where it is spared.
    func proxy(for host: String) -> OutboundProxy? {
        let host = host.lowercased()
        return spared.contains { $0 == "*" || host == $0 || host.hasSuffix(".\($0)") } ? nil : proxy
    }
}
