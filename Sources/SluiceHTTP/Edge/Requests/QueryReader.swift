import HummingbirdCore
import SluiceTypes

/// Reads query parameters and gathers every fault.
struct QueryReader {
    private let values: [String: String]
    private(set) var faults: [Fault] = []

    /// Takes a query that may have the parameters `known` and no others, each once.
    init(_ uri: URI, known: [String]) {
        self.init(uri.queryParameters.map { (String($0.key), String($0.value)) }, known: known)
    }

    init(_ pairs: [(String, String)], known: [String]) {
        var values: [String: String] = [:]
        for (name, value) in pairs {
            guard known.contains(name) else {
                let detail = UnknownName.sentence(name, "query parameter here", known)
                faults.append(Fault(name, detail, allowed: known))
                continue
            }
            if values.updateValue(value, forKey: name) != nil { faults.append(Fault(name, "is given twice")) }
        }
        self.values = values
    }

    mutating func text(_ name: String) -> String? {
        guard let value = values[name] else { return nil }
        guard !value.isEmpty else {
            faults.append(Fault(name, "must not be empty"))
            return nil
        }
        return value
    }

    mutating func integer(_ name: String, _ range: ClosedRange<Int>, default standard: Int) -> Int {
        guard let text = values[name] else { return standard }
        guard let number = Int(text), range.contains(number) else {
            let bounds = "\(range.lowerBound) to \(range.upperBound)"
            faults.append(Fault(name, "must be a whole number from \(bounds), not \(Redaction.quoted(text))"))
            return standard
        }
        return number
    }

    mutating func choice<Choice: RawRepresentable & CaseIterable>(_ name: String, _: Choice.Type) -> Choice?
    where Choice.RawValue == String {
        guard let text = values[name] else { return nil }
        if let choice = Choice(rawValue: text) { return choice }
        let allowed = Choice.allCases.map(\.rawValue)
        faults.append(Fault(name, UnknownName.sentence(text, name, allowed), allowed: allowed))
        return nil
    }

    /// A yes or no; no where it is not given.
    mutating func flag(_ name: String) -> Bool { choice(name, YesOrNo.self) == .yes }

    private enum YesOrNo: String, CaseIterable {
        case yes = "true"
        case no = "false"
    }

    mutating func jobID(_ name: String) -> JobID? { value(name, JobID.init, "must be a prompt's id") }

    mutating func moment(_ name: String) -> Timestamp? {
        value(
            name,
            Timestamp.init(rfc3339:),
            "must be a date and time of RFC 3339, as in 2026-01-31T12:00:00Z"
        )
    }

    /// What `read` makes of a text; `rule` says what it must be.
    mutating func value<Value>(_ name: String, _ read: (String) -> Value?, _ rule: String) -> Value? {
        guard let text = values[name] else { return nil }
        if let value = read(text) { return value }
        faults.append(Fault(name, "\(rule), not \(Redaction.quoted(text))"))
        return nil
    }

    /// Notes what is wrong with a parameter beside others.
    mutating func fault(_ name: String, _ detail: String) { faults.append(Fault(name, detail)) }

    /// - Throws: ``Problem`` when a fault was found.
    func finish() throws(Problem) {
        if !faults.isEmpty { throw Problem.invalid(faults) }
    }
}
