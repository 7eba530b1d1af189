/// All series at a moment, whoever is told of them.
struct SeriesPage: Sendable {
    typealias Labels = KeyValuePairs<String, String?>

    private(set) var families: [Family] = []

    /// Begins a family; its samples follow.
    ///
    /// The unit is as UCUM spells it; where none is given, it is what the name's end says.
    mutating func family(_ name: String, _ kind: Family.Kind, _ help: String, unit: String? = nil) {
        families.append(Family(name: name, kind: kind, help: help, unit: unit ?? SeriesPage.unit(of: name)))
    }

    /// A family of one sample.
    mutating func single(_ name: String, _ kind: Family.Kind, _ help: String, _ value: some BinaryInteger) {
        family(name, kind, help)
        sample([:], value)
    }

    /// A sample of the last family: a whole number, which is exact however large it is.
    ///
    /// `identity` says what it is of, where its labels may change while that stays the same.
    mutating func sample(_ labels: Labels, _ value: some BinaryInteger, identity: String? = nil) {
        add(labels, .integer(Int64(clamping: value)), identity)
    }

    mutating func sample(_ labels: Labels, _ value: Double) {
        add(labels, .double(value), nil)
    }

    mutating func sample(_ labels: Labels, _ histogram: Histogram, identity: String? = nil) {
        add(labels, .histogram(histogram), identity)
    }

    private mutating func add(_ labels: Labels, _ value: Family.Value, _ identity: String?) {
        let labels = labels.compactMap { label in label.value.map { (name: label.key, value: $0) } }
        families[families.endIndex - 1].samples.append(Family.Sample(labels: labels, identity: identity, value: value))
    }

    private static func unit(of name: String) -> String {
        if name.hasSuffix("_seconds") { return "s" }
        return name.hasSuffix("_bytes") || name.hasSuffix("_bytes_total") ? "By" : ""
    }
}
