import SluiceJSON
import SluiceProvider

/// Reads the whole document.
struct CatalogueReader {
    let adapters: [any AdapterSource]
    let credentials: CredentialReader
    let faults: FaultList

    /// The rows that can be read; what is wrong with the others is in the list of faults.
    func read(_ root: JSONValue) async -> Catalogue {
        guard root.kind == .object else {
            faults.add(root, "must be an object with \"version\" and \"providers\", not \(root.kind.noun)")
            return Catalogue(rows: [])
        }
        let fields = Fields(object: root, faults: faults)
        fields.refuseUnknown(known: ["version", "aliases", "providers"])
        checkVersion(fields)
        let providers = fields.value("providers", .array, required: true)
        if let providers, providers.elements.isEmpty { faults.add(providers, "must have at least one row") }
        let elements = providers?.elements ?? []
        refuseDuplicates(elements)
        var rows: [ProviderRow] = []
        for element in elements {
            if let row = await row(element) { rows.append(row) }
        }
        let aliases = fields.value("aliases", .object).map { AliasReader(faults: faults, rows: rows).read($0) } ?? []
        refuseSecrets(root)
        return Catalogue(rows: rows, aliases: aliases)
    }

    /// Rows are stored and shown as they stand, so no string at all may look like a secret.
    private func refuseSecrets(_ value: JSONValue) {
        if let text = value.string, SecretShape.isLikely(text) { refuseSecret(value) }
        for element in value.elements { refuseSecrets(element) }
        for member in value.members {
            if SecretShape.isLikely(member.key) { refuseSecret(member.value) }
            refuseSecrets(member.value)
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

    private func row(_ value: JSONValue) async -> ProviderRow? {
        guard value.kind == .object else {
            faults.add(value, "must be an object, not \(value.kind.noun)")
            return nil
        }
        let fields = Fields(object: value, faults: faults)
        return await ProviderRowParser(fields: fields, adapters: adapters, credentials: credentials).read()
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
