import SluiceJSON
import SluiceProvider
import SluiceTypes

/// Reads the file's aliases: names that stand for models of its rows.
struct AliasReader {
    let faults: FaultList
    let rows: [ProviderRow]

    /// The aliases that can be read.
    func read(_ value: JSONValue) -> [ModelAlias] {
        let names = Set(value.members.map(\.key))
        return value.members.map { name, list in alias(name, list, names) }
    }

    private func alias(_ name: String, _ list: JSONValue, _ names: Set<String>) -> ModelAlias {
        if let fault = ModelName.fault(of: name) { faults.add(list, "stands under a name that \(fault)") }
        if name.contains("*") { faults.add(list, "must stand under a whole name, without \"*\"") }
        if let row = rows.first(where: { $0.models.contains { $0.isExact && $0.text == name } }) {
            faults.add(list, "is named like a model of the row \(row.name); give the alias another name")
        }
        guard list.kind == .array, (1...ModelAlias.mostTargets).contains(list.elements.count) else {
            faults.add(list, "must be a list of 1 to \(ModelAlias.mostTargets) models")
            return ModelAlias(name: name, targets: [])
        }
        var seen: Set<String> = []
        let targets = list.elements.compactMap { element -> ModelAlias.Target? in
            guard let target = target(element, names) else { return nil }
            if !seen.insert(target.model).inserted { faults.add(element, "stands in the list twice") }
            return target
        }
        return ModelAlias(name: name, targets: targets)
    }

    private func target(_ value: JSONValue, _ names: Set<String>) -> ModelAlias.Target? {
        guard value.kind == .string || value.kind == .object else {
            faults.add(value, "must be a model's name, or an object with \"model\", not \(value.kind.noun)")
            return nil
        }
        var target = ModelAlias.Target(value.string ?? "")
        if value.kind == .object {
            let fields = Fields(object: value, faults: faults)
            fields.refuseUnknown(known: ["model", "priority", "weight"])
            guard let model = fields.string("model", required: true) else { return nil }
            target.model = model
            target.priority = fields.integer("priority", in: -1_000_000...1_000_000, default: 0)
            target.weight = fields.integer("weight", in: 1...1_000_000, default: 1)
        }
        let place = value[key: "model"] ?? value
        if names.contains(target.model) {
            faults.add(place, "is an alias itself; name models that rows serve")
        } else if !rows.contains(where: { $0.closeness(to: target.model) != nil }) {
            faults.add(place, "is served by no row of this file; name a model that one serves")
        }
        return target
    }
}
