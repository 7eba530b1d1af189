import SluiceJSON
import SluiceStore
import SluiceTypes

/// Reads the members of a JSON object and gathers every fault instead of stopping at the first.
struct FieldReader {
    let root: JSONValue
    private(set) var faults: [Fault] = []
    private let members: [String: JSONValue]

    /// Takes an object that may have the members `known` and no others.
    init(_ root: JSONValue, known: [String]) {
        self.root = root
        guard root.kind == .object else {
            members = [:]
            faults = [Fault("", "must be an object, not \(root.kind.named)", at: root.position)]
            return
        }
        members = Dictionary(root.members.map { ($0.key, $0.value) }) { first, _ in first }
        for (name, value) in root.members where !known.contains(name) {
            let detail = UnknownName.sentence(name, "field here", known)
            faults.append(Fault(value.pointer, detail, allowed: known, at: value.position))
        }
    }

    /// True when the root is an object, so that missing members are worth naming.
    var isObject: Bool { root.kind == .object }

    subscript(name: String) -> JSONValue? { members[name] }

    mutating func fault(_ name: String, _ detail: String, allowed: [String]? = nil) {
        let value = members[name]
        faults.append(Fault(value?.pointer ?? "/\(name)", detail, allowed: allowed, at: value?.position))
    }

    mutating func fault(_ fault: Fault) { faults.append(fault) }

    mutating func fault(_ value: JSONValue, _ detail: String) {
        faults.append(Fault(value.pointer, detail, at: value.position))
    }

    /// A string that must be there and must not be empty.
    mutating func requiredText(_ name: String) -> String? {
        guard let value = members[name] else {
            if isObject { fault(name, "is required") }
            return nil
        }
        guard let text = string(value, name) else { return nil }
        guard !text.isEmpty else {
            fault(name, "must not be empty")
            return nil
        }
        return text
    }

    /// The name of a model in `model`, which must be there.
    mutating func model() -> String? {
        guard let model = requiredText("model") else { return nil }
        guard model.utf8.count <= JobLimits.modelBytes else {
            fault("model", "must be at most \(JobLimits.modelBytes) bytes long, not \(model.utf8.count)")
            return nil
        }
        guard ModelRoute.isName(model) else {
            fault("model", "must have no control characters")
            return nil
        }
        return model
    }

    /// The names of models in `fallbacks`, which may answer in the place of `model`.
    mutating func fallbacks(of model: String?) -> [String] {
        let names = texts("fallbacks") ?? []
        if let fault = Fallbacks.fault(of: names, behind: model) { self.fault("fallbacks", fault) }
        return names
    }

    mutating func text(_ name: String) -> String? {
        members[name].flatMap { string($0, name) }
    }

    mutating func integer(_ name: String, _ range: ClosedRange<Int64>) -> Int64? {
        guard let value = members[name] else { return nil }
        guard value.kind == .number, let number = value.integer else {
            let detail = "must be a whole number from \(range.lowerBound) to \(range.upperBound)"
            fault(name, detail + given(value))
            return nil
        }
        guard range.contains(number) else {
            fault(name, "must be from \(range.lowerBound) to \(range.upperBound)" + given(value))
            return nil
        }
        return number
    }

    mutating func number(_ name: String, _ range: ClosedRange<Double>) -> Double? {
        guard let value = members[name] else { return nil }
        let bounds = "\(FieldReader.plain(range.lowerBound)) to \(FieldReader.plain(range.upperBound))"
        guard value.kind == .number, let number = value.number else {
            fault(name, "must be \(value.kind == .number ? "" : "a number ")from \(bounds)" + given(value))
            return nil
        }
        guard range.contains(number) else {
            fault(name, "must be from \(bounds)" + given(value))
            return nil
        }
        return number
    }

    /// A moment in the form of RFC 3339.
    mutating func moment(_ name: String) -> Timestamp? {
        guard let text = text(name) else { return nil }
        guard let moment = Timestamp(rfc3339: text) else {
            fault(name, "must be a moment as in 2026-10-31T12:00:00Z")
            return nil
        }
        return moment
    }

    /// One of the raw values of `Choice`.
    mutating func choice<Choice: RawRepresentable & CaseIterable>(_ name: String, _: Choice.Type) -> Choice?
    where Choice.RawValue == String {
        guard let value = members[name], let text = string(value, name) else { return nil }
        if let choice = Choice(rawValue: text) { return choice }
        let allowed = Choice.allCases.map(\.rawValue)
        fault(name, UnknownName.sentence(text, name, allowed), allowed: allowed)
        return nil
    }

    /// An array of strings; nil for one that is missing, `null` or faulty.
    mutating func texts(_ name: String) -> [String]? {
        guard let value = members[name], !value.isNull else { return nil }
        guard value.kind == .array else {
            fault(name, "must be an array of strings" + given(value))
            return nil
        }
        var texts: [String] = []
        for element in value.elements {
            guard let text = element.string, !text.isEmpty else {
                fault(element, "must be a string that is not empty" + (element.string == nil ? given(element) : ""))
                continue
            }
            texts.append(text)
        }
        return texts
    }

    private mutating func string(_ value: JSONValue, _ name: String) -> String? {
        guard let text = value.string else {
            fault(name, "must be a string" + given(value))
            return nil
        }
        return text
    }

    private func given(_ value: JSONValue) -> String {
        switch value.kind {
        case .null: ", not null; leave the field out instead"
        case .number: ", not \(Redaction.legible(String(decoding: value.bytes, as: UTF8.self), atMost: 40))"
        default: ", not \(value.kind.named)"
        }
    }

    private static func plain(_ number: Double) -> String {
        number == number.rounded() ? String(Int64(number)) : String(number)
    }
}

extension JSONValue.Kind {
    /// As a sentence names it.
    var named: String {
        switch self {
        case .object: "an object"
        case .array: "an array"
        case .string: "a string"
        case .number: "a number"
        case .boolean: "a boolean"
        case .null: "null"
        }
    }
}
