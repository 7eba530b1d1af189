import SluiceJSON
import SluiceProvider

extension ProviderRowParser {
    func readEndpoint(_ manifest: Manifest?, _ secretHeaders: [SecretHeader]) -> Endpoint? {
        if let manifest, !manifest.needsEndpoint {
            refuseEndpoint(manifest)
            return nil
        }
        let policy = EndpointPolicy(
            allowPlainHTTP: fields.boolean("allowPlainHTTP"),
            allowPrivate: fields.boolean("allowPrivate"),
            http2: readHTTPVersion()
        )
        return Endpoint(
            baseURL: readBaseURL(policy, required: manifest != nil) ?? "",
            headers: readHeaders(),
            query: readQuery(),
            auth: readAuth(),
            secretHeaders: secretHeaders,
            policy: policy,
            timeouts: readTimeouts(),
            answerLimit: fields.integer("answerLimitBytes", in: 1...1 << 30, default: 8 << 20)
        )
    }

    /// Gives the endpoint its proxy: the row's own, none where that is null, else the one that stands for all.
    ///
    /// The answer is why the proxy can't be used.
    func readProxy(_ endpoint: inout Endpoint?) -> String? {
        guard let called = endpoint else { return nil }
        let found: (proxy: OutboundProxy?, problem: String?)
        if let own = fields["outboundProxy"] {
            guard !own.isNull else { return nil }
            found = ProxyReader(credentials: credentials, faults: faults).read(own)
        } else {
            // What is on this machine is called directly.
            guard !BaseURL.isLoopback(called.host) else { return nil }
            found = proxies.proxy(for: called.host)
        }
        endpoint?.proxy = found.proxy
        if found.proxy != nil, let plain = fields["allowPlainHTTP"], plain.boolean == true {
            let remedy = "take it out, or say \"outboundProxy\": null"
            faults.add(plain, "can't stand beside a proxy, through which only https is called; \(remedy)")
        } else if found.proxy != nil, !called.baseURL.hasPrefix("https:"), let place = fields["baseURL"] {
            faults.add(place, "must be https: nothing else is called through a proxy")
        }
        return found.problem
    }

    private func refuseEndpoint(_ manifest: Manifest) {
        for name in ProviderRowParser.endpointMembers {
            guard let value = fields[name] else { continue }
            faults.add(value, "has no effect: the adapter \(manifest.id) makes no calls; take it out")
        }
    }

    private func readBaseURL(_ policy: EndpointPolicy, required: Bool) -> String? {
        guard let text = fields.string("baseURL", required: required) else { return nil }
        do throws(BaseURL.Fault) {
            return try BaseURL.normalize(text, policy)
        } catch {
            faults.add(fields["baseURL"] ?? fields.object, error.message)
            return nil
        }
    }

    private func readHTTPVersion() -> Bool {
        guard let value = fields["http"] else { return false }
        guard value.string == "1.1" || value.string == "2" else {
            faults.add(value, "must be \"1.1\" or \"2\"")
            return false
        }
        return value.string == "2"
    }

    private func readTimeouts() -> CallTimeouts {
        let standard = CallTimeouts()
        return CallTimeouts(
            connect: fields.seconds("connectSeconds", default: standard.connect),
            firstByte: fields.seconds("firstByteSeconds", default: standard.firstByte),
            idle: fields.seconds("idleSeconds", default: standard.idle),
            total: fields.seconds("timeoutSeconds", default: standard.total)
        )
    }

    /// Whether the row says that a member's value only looks like a secret.
    private func isNoSecret(_ member: String, _ name: String) -> Bool {
        notSecret.contains("/\(member)/\(name)")
    }

    private func readHeaders() -> [HeaderField] {
        var seen: Set<String> = []
        return fields.stringMembers("headers").map { name, value, text in
            if let fault = HeaderRule.fault(name, text, isNoSecret: isNoSecret("headers", name)) {
                faults.add(value, fault)
            } else if !seen.insert(name.lowercased()).inserted {
                faults.add(value, "is there twice, in another spelling")
            }
            return HeaderField(name, text)
        }
    }

    private func readQuery() -> [HeaderField] {
        fields.stringMembers("query").map { name, value, text in
            let looks = SecretShape.isSecretField(name) || SecretShape.isLikely(text)
            if looks && !isNoSecret("query", name) || SecretShape.isKnownKey(text) {
                faults.add(value, "looks like a secret, which must not stand in this file; \(SecretShape.hint)")
            } else if name.isEmpty {
                faults.add(value, "needs a name")
            } else if (name + text).utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) {
                faults.add(value, "must not hold control characters")
            }
            return HeaderField(name, text)
        }
    }
}

/// What header fields a row may add.
enum HeaderRule {
    /// Fields that the gateway, the adapter or the connection owns.
    private static let owned: Set<String> = [
        "accept-encoding", "connection", "content-encoding", "content-length", "content-type", "expect", "host",
        "keep-alive", "te", "trailer", "transfer-encoding", "upgrade",
    ]

    /// What is wrong with the name of a field that carries a secret; nil when nothing is.
    static func faultOfName(_ name: String) -> String? {
        let lower = name.lowercased()
        guard !name.isEmpty, name.utf8.allSatisfy(isTokenByte) else {
            return "must be named with letters, digits and \"-\": that is no header's name"
        }
        guard !owned.contains(lower), !lower.hasPrefix("proxy-"), !lower.hasPrefix("content-") else {
            return "can't be the field \(name): the gateway writes that itself"
        }
        return nil
    }

    /// What is wrong with the field; nil when nothing is.
    ///
    /// `isNoSecret` tells that its value only looks like one.
    static func fault(_ name: String, _ value: String, isNoSecret: Bool) -> String? {
        let lower = name.lowercased()
        guard !name.isEmpty, name.utf8.allSatisfy(isTokenByte) else {
            return "must be named with letters, digits and \"-\": that is no header's name"
        }
        let looks = SecretShape.isSecretField(name) || SecretShape.isLikely(value)
        let isSecret = looks && !isNoSecret || SecretShape.isKnownKey(value)
        guard !owned.contains(lower), !lower.hasPrefix("proxy-") || isSecret else {
            return "can't be set: the gateway writes this header itself"
        }
        guard !isSecret else {
            return "looks like a secret, which must not stand in this file; \(SecretShape.hint)"
        }
        guard value.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
            return "must be plain ASCII without line breaks and other control characters"
        }
        return nil
    }

    /// `tchar` of RFC 9110, section 5.6.2.
    private static func isTokenByte(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (97...122).contains(byte | 0x20) || "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }
}
