/// Metrics in Prometheus' text format, version 0.0.4.
///
/// Source: <https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format>.
struct Exposition {
    /// What a family's values are.
    enum Kind: String {
        case counter
        case gauge
        case histogram
    }

    typealias Labels = KeyValuePairs<String, String?>

    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    private(set) var text = ""

    /// Begins a family; its samples follow.
    mutating func family(_ name: String, _ kind: Kind, _ help: String) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
    }

    /// A family of one sample.
    mutating func single(_ name: String, _ kind: Kind, _ help: String, _ value: some BinaryInteger) {
        family(name, kind, help)
        sample(name, [:], value)
    }

    /// A sample of a whole number, which is exact however large it is.
    ///
    /// Labels without a value are left out.
    mutating func sample(_ name: String, _ labels: Labels, _ value: some BinaryInteger) {
        text += "\(name)\(Exposition.text(of: labels)) \(value)\n"
    }

    mutating func sample(_ name: String, _ labels: Labels, _ value: Double) {
        text += "\(name)\(Exposition.text(of: labels)) \(Exposition.text(of: value))\n"
    }

    mutating func sample(_ name: String, _ labels: Labels, _ histogram: Histogram) {
        let own = labels.compactMap { label in label.value.map { "\(label.key)=\"\(Exposition.escaped($0))\"" } }
        var count = 0
        for (place, bound) in (histogram.bounds + [.infinity]).enumerated() {
            count += histogram.counts[place]
            let all = own + ["le=\"\(Exposition.text(of: bound))\""]
            text += "\(name)_bucket{\(all.joined(separator: ","))} \(count)\n"
        }
        let shown = own.isEmpty ? "" : "{\(own.joined(separator: ","))}"
        text += "\(name)_sum\(shown) \(Exposition.text(of: histogram.sum))\n\(name)_count\(shown) \(count)\n"
    }

    private static func text(of labels: Labels) -> String {
        let shown = labels.compactMap { label in label.value.map { "\(label.key)=\"\(escaped($0))\"" } }
        return shown.isEmpty ? "" : "{\(shown.joined(separator: ","))}"
    }

    private static func text(of value: Double) -> String {
        if value == .infinity { return "+Inf" }
        if value == -.infinity { return "-Inf" }
        return value.isNaN ? "NaN" : "\(value)"
    }

    /// A label's value: what would end it or its line is escaped, and control characters, which terminals obey, are replaced.
    static func escaped(_ value: String) -> String {
        var text = ""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\\": text += "\\\\"
            case "\"": text += "\\\""
            case "\n": text += "\\n"
            case _ where scalar.properties.generalCategory == .control: text += "\u{FFFD}"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}
