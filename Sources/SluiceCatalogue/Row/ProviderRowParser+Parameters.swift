import SluiceJSON
import SluiceProvider

extension ProviderRowParser {
    /// What the gateway writes itself, so that a row can't take it away or set it.
    private static let written: Set<String> = ["model", "stream"]
    /// What the caller asks, which a row has no part in.
    private static let asked: Set<String> = ["messages", "prompt", "input"]

    func readParameters() -> Parameters {
        guard let value = fields.value("parameters", .object) else { return Parameters() }
        let parameters = Fields(object: value, faults: faults)
        parameters.refuseUnknown(known: ["default", "min", "max", "drop", "rename"])
        let minimums = readBounds("min", parameters)
        let maximums = readBounds("max", parameters)
        checkOrder(minimums, maximums, parameters)
        let dropped = readDrop(parameters)
        return Parameters(
            defaults: members("default", parameters).map { .init($0.name, Array($0.value.bytes)) },
            minimums: minimums,
            maximums: maximums,
            drop: dropped,
            rename: readRename(parameters, dropped: dropped)
        )
    }

    private func members(_ name: String, _ parameters: Fields) -> [(name: String, value: JSONValue)] {
        (parameters.value(name, .object)?.members ?? []).map { member in
            checkName(member.key, member.value)
            return (member.key, member.value)
        }
    }

    private func checkName(_ name: String, _ value: JSONValue) {
        if name.isEmpty { faults.add(value, "needs a name") }
        if let fault = ProviderRowParser.faultOfMember(name) { faults.add(value, fault) }
    }

    private static func faultOfMember(_ name: String) -> String? {
        if written.contains(name) { return "can't be changed here: the gateway writes \"\(name)\" itself" }
        if asked.contains(name) { return "can't be changed here: \"\(name)\" is what the caller asks" }
        return nil
    }

    private func readBounds(_ name: String, _ parameters: Fields) -> [Parameters.Member] {
        members(name, parameters).compactMap { name, value in
            guard value.kind == .number else {
                faults.add(value, "must be a number, not \(value.kind.noun)")
                return nil
            }
            return Parameters.Member(name, Array(value.bytes))
        }
    }

    private func checkOrder(_ minimums: [Parameters.Member], _ maximums: [Parameters.Member], _ parameters: Fields) {
        for minimum in minimums where maximums.contains(where: { $0.name == minimum.name }) {
            guard let least = parameters["min"]?[key: minimum.name]?.number,
                let most = parameters["max"]?[key: minimum.name], let greatest = most.number, least > greatest
            else { continue }
            faults.add(most, "is less than the \"min\" of the same name")
        }
    }

    private func readDrop(_ parameters: Fields) -> [String] {
        var seen: Set<String> = []
        return parameters.strings("drop").map { value, name in
            checkName(name, value)
            if !seen.insert(name).inserted { faults.add(value, "stands in the list twice") }
            return name
        }
    }

    private func readRename(_ parameters: Fields, dropped: [String]) -> [Parameters.Rename] {
        var targets: Set<String> = []
        return parameters.stringMembers("rename").map { name, value, text in
            if name.isEmpty || text.isEmpty {
                faults.add(value, "must be a name that is not empty, under one that is not empty")
            } else if name == text {
                faults.add(value, "has no effect: both names are the same")
            } else if let fault = ProviderRowParser.faultOfMember(name) ?? ProviderRowParser.faultOfMember(text) {
                faults.add(value, fault)
            } else if dropped.contains(name) {
                faults.add(value, "has no effect: \"drop\" takes it away before")
            } else if !targets.insert(text).inserted {
                faults.add(value, "is the new name of two members")
            }
            return Parameters.Rename(from: name, to: text)
        }
    }
}
