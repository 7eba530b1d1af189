import SluiceJSON
import SluiceProvider
import SluiceTypes

/// Reads `outboundProxy`, of the file or of a row.
struct ProxyReader {
    let credentials: CredentialReader
    let faults: FaultList

    /// The proxy, and why it can't be used; both nil where it has a fault.
    func read(_ value: JSONValue) -> (proxy: OutboundProxy?, problem: String?) {
        guard value.kind == .object else {
            faults.add(value, "must be an object with a \"url\", not \(value.kind.noun)")
            return (nil, nil)
        }
        let fields = Fields(object: value, faults: faults)
        fields.refuseUnknown(known: ["url", "credential", "allowPrivate"])
        let allowPrivate = fields.boolean("allowPrivate")
        guard let text = fields.string("url", required: true), let place = fields["url"] else { return (nil, nil) }
        let url: String
        do throws(BaseURL.Fault) {
            url = try ProxyReader.normalize(text, allowPrivate: allowPrivate)
        } catch {
            faults.add(place, error.message)
            return (nil, nil)
        }
        var proxy = OutboundProxy(url: url, allowPrivate: allowPrivate)
        guard let member = fields["credential"] else { return (proxy, nil) }
        if member.kind == .array { faults.add(member, "must be one source, not a list") }
        guard let found = credentials.read(member, faults).first else { return (nil, nil) }
        guard let secret = found.secret else { return (proxy, found.problem ?? "the proxy's credential has no value") }
        guard secret.reveal({ $0.contains(":") }) else {
            return (proxy, "the proxy's credential \(found.slot) must hold a user and a password, with a colon between")
        }
        proxy.secret = secret
        return (proxy, nil)
    }

    /// The URL of a proxy, which has no path.
    ///
    /// - Throws: `BaseURL.Fault`.
    static func normalize(_ text: String, allowPrivate: Bool) throws(BaseURL.Fault) -> String {
        let url = try BaseURL.normalize(text, EndpointPolicy(allowPlainHTTP: true, allowPrivate: allowPrivate))
        guard url.split(separator: "/", omittingEmptySubsequences: false).count == 3 else {
            throw BaseURL.Fault(message: "must have no path: a proxy is a host and a port")
        }
        return url
    }
}
