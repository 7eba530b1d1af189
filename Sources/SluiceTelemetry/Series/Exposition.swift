/// Metrics in Prometheus' text format, version 0.0.4.
///
/// Source: <https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format>.
struct Exposition {
    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    private(set) var text = ""

    init(_ page: SeriesPage) {
        for family in page.families { write(family) }
    }

    private mutating func write(_ family: Family) {
        let name = family.prometheusName
        text += "# HELP \(name) \(family.help)\n# TYPE \(name) \(family.kind.rawValue)\n"
        for sample in family.samples {
            let labels = sample.labels.map {
                "\(Family.prometheusName($0.name))=\"\(Exposition.escaped($0.value))\""
            }
            switch sample.value {
            case .integer(let value): text += "\(name)\(Exposition.text(of: labels)) \(value)\n"
            case .double(let value): text += "\(name)\(Exposition.text(of: labels)) \(Exposition.text(of: value))\n"
            case .histogram(let histogram): write(name, labels, histogram)
            }
        }
    }

    private mutating func write(_ name: String, _ labels: [String], _ histogram: Histogram) {
        var count = 0
        for (place, bound) in (histogram.bounds + [.infinity]).enumerated() {
            count += histogram.counts[place]
            let all = labels + ["le=\"\(Exposition.text(of: bound))\""]
            text += "\(name)_bucket{\(all.joined(separator: ","))} \(count)\n"
        }
        let shown = Exposition.text(of: labels)
        text += "\(name)_sum\(shown) \(Exposition.text(of: histogram.sum))\n\(name)_count\(shown) \(count)\n"
    }

    private static func text(of labels: [String]) -> String {
        labels.isEmpty ? "" : "{\(labels.joined(separator: ","))}"
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
