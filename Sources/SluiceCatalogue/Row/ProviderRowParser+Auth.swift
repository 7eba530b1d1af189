import SluiceJSON
import SluiceProvider
import SluiceTypes

extension ProviderRowParser {
    /// Where the credential goes.
    func readAuth() -> CredentialPlace {
        guard let value = fields.value("auth", .object) else { return .standard }
        let auth = Fields(object: value, faults: faults)
        auth.refuseUnknown(known: ["header", "prefix", "query", "signer"])
        let ways = ["header", "query", "signer"].filter { auth[$0] != nil }
        guard ways.count == 1 else {
            faults.add(value, "must have one of \"header\", \"query\" and \"signer\"")
            return .standard
        }
        if let signer = auth["signer"] {
            faults.add(signer, "names no signer of this gateway; it has none yet")
            return .standard
        }
        if fields["credential"] == nil { faults.add(value, "has no effect without a \"credential\"") }
        if let place = auth["query"] {
            guard let name = auth.string("query") else { return .standard }
            if auth["prefix"] != nil { faults.add(place, "takes no \"prefix\"") }
            if name.utf8.contains(where: { $0 <= 0x20 || $0 >= 0x7F }) {
                faults.add(place, "must be a name without spaces and control characters")
            }
            return .query(name: name)
        }
        let prefix = auth.value("prefix", .string)?.string ?? ""
        guard let name = auth.string("header"), let place = auth["header"] else { return .standard }
        if let fault = HeaderRule.faultOfName(name) { faults.add(place, fault) }
        if !prefix.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) {
            faults.add(auth["prefix"] ?? place, "must be plain ASCII without line breaks")
        }
        return .header(name: name, prefix: prefix)
    }

    /// Further header fields that carry secrets; the reasons why some have no value.
    func readSecretHeaders(_ manifest: Manifest?) -> (headers: [SecretHeader], problems: [String]) {
        var headers: [SecretHeader] = []
        var problems: [String] = []
        var seen = Set(fields["headers"]?.members.map { $0.key.lowercased() } ?? [])
        if case .header(let name, _) = readAuthName(manifest) { seen.insert(name.lowercased()) }
        for (name, value) in fields.value("secretHeaders", .object)?.members ?? [] {
            if let fault = HeaderRule.faultOfName(name) { faults.add(value, fault) }
            if !seen.insert(name.lowercased()).inserted {
                faults.add(value, "is a field that the row sends already; each has its place once")
            }
            let prefix = value[key: "prefix"]
            if let prefix, prefix.kind != .string { faults.add(prefix, "must be a string, not \(prefix.kind.noun)") }
            guard let found = credentials.read(value, faults, besides: ["prefix"]).first else { continue }
            if let secret = found.secret {
                headers.append(SecretHeader(name: name, prefix: prefix?.string ?? "", secret: secret))
            } else {
                problems.append(found.problem ?? "\(name) has no value")
            }
        }
        return (headers, problems)
    }

    /// The field that ``readAuth()`` names, whose faults are told there; the adapter's own unless it says otherwise.
    private func readAuthName(_ manifest: Manifest?) -> CredentialPlace {
        guard let auth = fields["auth"] else {
            return .header(name: speaks(.anthropicMessages, manifest) ? "x-api-key" : "Authorization", prefix: "")
        }
        return auth[key: "header"]?.string.map { .header(name: $0, prefix: "") } ?? .standard
    }
}
