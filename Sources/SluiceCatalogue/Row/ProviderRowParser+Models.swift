import SluiceJSON
import SluiceProvider
import SluiceTypes

extension ProviderRowParser {
    func readModels() -> [ModelPattern] {
        var seen: Set<String> = []
        return fields.strings("models", required: true).compactMap { value, text in
            if let fault = ModelName.fault(of: text) {
                faults.add(value, fault)
                return nil
            }
            if text.contains("**") {
                faults.add(
                    value,
                    "is no pattern: one \"*\" stands for any run of characters, so two in a row mean the same"
                )
                return nil
            }
            if !seen.insert(text).inserted { faults.add(value, "stands in the list twice") }
            return ModelPattern(text)
        }
    }

    func readListed(_ models: [ModelPattern]) -> [String] {
        fields.strings("listed").map { value, text in
            if let fault = ModelName.fault(of: text) {
                faults.add(value, fault)
            } else if text.contains("*") {
                faults.add(value, "must be a model's whole name, without \"*\"")
            } else if !models.contains(where: { $0.matches(text) }) {
                faults.add(value, "fits none of the row's models")
            }
            return text
        }
    }

    func readModelMap(_ models: [ModelPattern]) -> [String: String] {
        var map: [String: String] = [:]
        for (name, value, text) in fields.stringMembers("modelMap") {
            if let fault = ModelName.fault(of: text) {
                faults.add(value, fault)
            } else if name.contains("*") || text.contains("*") {
                if name.count(where: { $0 == "*" }) != 1 || text.count(where: { $0 == "*" }) != 1 {
                    faults.add(value, "must have one \"*\" on each side, as in \"groq/*\": \"*\", or none")
                }
            } else if !models.contains(where: { $0.matches(name) }) {
                faults.add(value, "has no effect: its name fits none of the row's models")
            }
            map[name] = text
        }
        return map
    }
}
