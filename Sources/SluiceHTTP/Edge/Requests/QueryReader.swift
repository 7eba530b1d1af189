import HummingbirdCore
import SluiceStore
import SluiceTypes

/// Reads query parameters and gathers every fault.
struct QueryReader {
    private let values: [String: String]
    private(set) var faults: [Fault] = []

    /// Stands for every parameter that names a member of a job's metadata.
    static let metadata = "metadata.NAME"
    /// How the names of those begin.
    private static let prefix = "metadata."

    /// Takes a query that may have the parameters `known` and no others, each once; with ``metadata`` among them also whatever begins
    /// so.
    init(_ uri: URI, known: [String]) {
        self.init(uri.queryParameters.map { (String($0.key), String($0.value)) }, known: known)
    }

    init(_ pairs: [(String, String)], known: [String]) {
        var values: [String: String] = [:]
        let takesMetadata = known.contains(QueryReader.metadata)
        for (name, value) in pairs {
            let isMember = takesMetadata && name.hasPrefix(QueryReader.prefix) && name != QueryReader.prefix
            guard isMember || known.contains(name) else {
                let detail = UnknownName.sentence(name, "query parameter here", known)
                faults.append(Fault(name, detail, allowed: known))
                continue
            }
            if values.updateValue(value, forKey: name) != nil { faults.append(Fault(name, "is given twice")) }
        }
        self.values = values
    }

    /// What the parameters say of metadata; the text of one may be empty.
    func metadata() -> MetadataFilter {
        let members = values.filter { $0.key.hasPrefix(QueryReader.prefix) }
        let pairs = members.map { (String($0.key.dropFirst(QueryReader.prefix.count)), $0.value) }
        return MetadataFilter(Dictionary(pairs) { first, _ in first })
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
