import SluiceJSON
import SluiceProvider

/// Reads the whole document.
struct CatalogueReader {
    let adapters: [any Adapter.Type]
    let credentials: CredentialReader
    let faults: FaultList

    /// The rows that can be read; what is wrong with the others is in the list of faults.
    func read(_ root: JSONValue) -> Catalogue {
        guard root.kind == .object else {
            faults.add(root, "must be an object with \"version\" and \"providers\", not \(root.kind.noun)")
            return Catalogue(rows: [])
        }
        let fields = Fields(object: root, faults: faults)
        fields.refuseUnknown(known: ["version", "providers"])
        checkVersion(fields)
        let providers = fields.value("providers", .array, required: true)
        if let providers, providers.elements.isEmpty { faults.add(providers, "must have at least one row") }
        let rows = providers?.elements ?? []
        refuseDuplicates(rows)
        return Catalogue(rows: rows.compactMap(row))
    }

    private func checkVersion(_ fields: Fields) {
        guard let version = fields.value("version", .number, required: true) else { return }
        guard version.integer != ProviderFile.version else { return }
        faults.add(version, "must be \(ProviderFile.version), the only version this gateway reads")
    }

    private func row(_ value: JSONValue) -> ProviderRow? {
        guard value.kind == .object else {
            faults.add(value, "must be an object, not \(value.kind.noun)")
            return nil
        }
        let fields = Fields(object: value, faults: faults)
        return RowReader(fields: fields, adapters: adapters, credentials: credentials).read()
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
