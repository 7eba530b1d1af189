import SluiceJSON
import SluiceTypes

/// Reads the members of one object by their types and notes what is wrong with them.
struct Fields {
    let object: JSONValue
    let faults: FaultList

    subscript(name: String) -> JSONValue? { object[key: name] }

    /// The member, if it is of that kind; a fault when it is of another, or missing though required.
    func value(_ name: String, _ kind: JSONValue.Kind, required: Bool = false) -> JSONValue? {
        guard let value = object[key: name] else {
            if required { faults.add(object, "has no \"\(name)\", which must be \(kind.noun)") }
            return nil
        }
        guard value.kind == kind else {
            faults.add(value, "must be \(kind.noun), not \(value.kind.noun)")
            return nil
        }
        return value
    }

    func string(_ name: String, required: Bool = false) -> String? {
        guard let value = value(name, .string, required: required), let text = value.string else { return nil }
        guard !text.isEmpty else {
            faults.add(value, "must not be empty")
            return nil
        }
        return text
    }

    func boolean(_ name: String) -> Bool {
        value(name, .boolean)?.boolean ?? false
    }

    func integer(_ name: String, in range: ClosedRange<Int>, default standard: Int) -> Int {
        guard let value = value(name, .number) else { return standard }
        guard let number = value.integer.flatMap({ Int(exactly: $0) }), range.contains(number) else {
            faults.add(value, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
            return standard
        }
        return number
    }

    /// The same, nil where it is not given.
    func integer(_ name: String, in range: ClosedRange<Int>) -> Int? {
        self[name] == nil ? nil : integer(name, in: range, default: range.lowerBound)
    }

    /// Seconds, with a fraction if need be, from a millisecond to a day.
    func seconds(_ name: String, default standard: Duration) -> Duration {
        guard let value = value(name, .number) else { return standard }
        guard let seconds = value.number, (0.001...86_400).contains(seconds) else {
            faults.add(value, "must be a number of seconds from 0.001 to 86400")
            return standard
        }
        return .milliseconds(Int64((seconds * 1000).rounded()))
    }

    /// The strings of a list, each not empty; other elements are faults.
    func strings(_ name: String, required: Bool = false) -> [(value: JSONValue, text: String)] {
        guard let list = value(name, .array, required: required) else { return [] }
        if required, list.elements.isEmpty { faults.add(list, "must not be empty") }
        return list.elements.compactMap { element in
            guard let text = element.string, !text.isEmpty else {
                faults.add(element, "must be a string that is not empty")
                return nil
            }
            return (element, text)
        }
    }

    /// The members of an object whose values are strings; others are faults.
    func stringMembers(_ name: String) -> [(name: String, value: JSONValue, text: String)] {
        (value(name, .object)?.members ?? []).compactMap { member in
            guard let text = member.value.string else {
                faults.add(member.value, "must be a string, not \(member.value.kind.noun)")
                return nil
            }
            return (member.key, member.value, text)
        }
    }

    /// Makes a fault of every member that is not among `known`.
    func refuseUnknown(known: [String]) {
        for member in object.members where !known.contains(member.key) {
            faults.add(member.value, Fields.unknown(member.key, known: known))
        }
    }

    private static func unknown(_ name: String, known: [String]) -> String {
        if SecretShape.isSecretName(name) {
            return "can't stand here: secrets are kept out of this file; \(SecretShape.hint)"
        }
        guard let near = Suggestion.nearest(to: name, among: known) else {
            return known.isEmpty
                ? "is unknown; there is nothing to set here"
                : "is unknown; known are \(known.joined(separator: ", "))"
        }
        return "is unknown; did you mean \"\(near)\"?"
    }
}
