import SluiceJSON
import SluiceProvider

/// Reads the whole document.
struct CatalogueReader {
    let adapters: [any AdapterSource]
    let credentials: CredentialReader
    /// The environment's proxy, where it is asked for.
    let environmentProxy: EnvironmentProxy?
    let faults: FaultList

    /// The rows that can be read; what is wrong with the others is in the list of faults.
    func read(_ root: JSONValue) async -> Catalogue {
        guard root.kind == .object else {
            faults.add(root, "must be an object with \"version\" and \"providers\", not \(root.kind.noun)")
            return Catalogue(rows: [])
        }
        let fields = Fields(object: root, faults: faults)
        fields.refuseUnknown(known: ["version", "aliases", "outboundProxy", "providers"])
        checkVersion(fields)
        let providers = fields.value("providers", .array, required: true)
        if let providers, providers.elements.isEmpty { faults.add(providers, "must have at least one row") }
        let elements = providers?.elements ?? []
        refuseDuplicates(elements)
        let proxies = StandingProxies(file: readProxy(fields), environment: environmentProxy)
        var rows: [ProviderRow] = []
        for element in elements {
            if let row = await row(element, proxies) { rows.append(row) }
        }
        let aliases = fields.value("aliases", .object).map { AliasReader(faults: faults, rows: rows).read($0) } ?? []
        refuseSecrets(root)
        return Catalogue(rows: rows, aliases: aliases)
    }

    /// The members of a row whose values only look like secrets, by their pointers in it.
    private func notSecret(_ row: JSONValue) -> Set<String> {
        let list = Fields(object: row, faults: faults).value("notSecret", .array)
        var pointers: Set<String> = []
        for element in list?.elements ?? [] {
            guard let pointer = element.string, pointer.hasPrefix("/"), Self.find(pointer, in: row) != nil else {
                faults.add(element, "must be the JSON pointer of a member of this row, as in \"/headers/x-id\"")
                continue
            }
            if pointer.hasPrefix("/credential") || pointer.hasPrefix("/secretHeaders") {
                faults.add(element, "can't be said of a credential, which never stands in this file")
            }
            pointers.insert(pointer)
        }
        return pointers
    }

    private static func find(_ pointer: String, in row: JSONValue) -> JSONValue? {
        var value = row
        for part in pointer.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            guard let next = value[key: String(part)] ?? Int(part).flatMap({ value[$0] }) else { return nil }
            value = next
        }
        return value
    }

    /// Rows are stored and shown as they stand, so no string at all may look like a secret, but where ids and hashes are
    /// usual: in addresses, in models' names, and where the row says so.
    private func refuseSecrets(_ root: JSONValue) {
        for (index, row) in (root[key: "providers"]?.elements ?? []).enumerated() {
            let list = row[key: "notSecret"]?.elements.compactMap(\.string) ?? []
            let spared = Set(list.map { "/providers/\(index)\($0)" })
            refuseSecrets(row, spared)
        }
        for member in root.members where member.key != "providers" { refuseSecrets(member.value, []) }
    }

    private static let sparedMembers: Set<String> = ["baseURL", "models", "listed", "modelMap", "aliases", "notSecret"]

    private func refuseSecrets(_ value: JSONValue, _ spared: Set<String>, _ isSpared: Bool = false) {
        let isSpared = isSpared || spared.contains(value.pointer)
        let looks = isSpared ? SecretShape.isKnownKey : SecretShape.isLikely
        if let text = value.string, looks(text) { refuseSecret(value) }
        for element in value.elements { refuseSecrets(element, spared, isSpared) }
        for member in value.members {
            if looks(member.key) { refuseSecret(member.value) }
            refuseSecrets(member.value, spared, isSpared || CatalogueReader.sparedMembers.contains(member.key))
        }
    }

    /// What has a fault already was refused for it.
    private func refuseSecret(_ value: JSONValue) {
        guard !faults.contains(value) else { return }
        faults.add(value, "looks like a secret, which must not stand in this file; \(SecretShape.hint)")
    }

    private func checkVersion(_ fields: Fields) {
        guard let version = fields.value("version", .number, required: true) else { return }
        guard version.integer != ProviderFile.version else { return }
        faults.add(version, "must be \(ProviderFile.version), the only version this gateway reads")
    }

    /// The file's own proxy; nil where it names none.
    private func readProxy(_ fields: Fields) -> (proxy: OutboundProxy?, problem: String?)? {
        guard let value = fields["outboundProxy"], !value.isNull else { return nil }
        return ProxyReader(credentials: credentials, faults: faults).read(value)
    }

    private func row(_ value: JSONValue, _ proxies: StandingProxies) async -> ProviderRow? {
        guard value.kind == .object else {
            faults.add(value, "must be an object, not \(value.kind.noun)")
            return nil
        }
        let fields = Fields(object: value, faults: faults)
        return await ProviderRowParser(
            fields: fields,
            adapters: adapters,
            credentials: credentials,
            notSecret: notSecret(value),
            proxies: proxies
        ).read()
    }

    private func refuseDuplicates(_ rows: [JSONValue]) {
        var first: [String: JSONValue] = [:]
        for row in rows {
            guard let name = row[key: "name"], let text = name.string else { continue }
            if let other = first[text] {
                faults.add(name, "is the name of \(other.pointer) too; each row needs its own")
            } else {
                first[text] = row
            }
        }
    }
}
