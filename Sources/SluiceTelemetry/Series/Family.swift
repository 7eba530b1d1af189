/// All series of one name.
struct Family: Sendable {
    /// What a family's values are.
    enum Kind: String, Sendable {
        case counter
        case gauge
        case histogram
    }

    /// The value of a series.
    enum Value: Sendable {
        case integer(Int64)
        case double(Double)
        case histogram(Histogram)
    }

    struct Sample: Sendable {
        /// Those without a value are left out.
        var labels: [(name: String, value: String)]
        /// What it is of, where its labels may change while that stays the same; nil where the labels tell.
        var identity: String?
        var value: Value
    }

    /// By the conventions that have it: with dots in those of GenAI, with the unit and `_total` at its end in our own.
    var name: String
    var kind: Kind
    var help: String
    /// As UCUM spells it; empty for none.
    var unit: String
    var samples: [Sample] = []

    /// As Prometheus spells it: conventions with dots have unit and kind added there.
    ///
    /// Source: <https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/>.
    var prometheusName: String {
        guard name.contains(".") else { return name }
        return Family.prometheusName(name) + (unit == "s" ? "_seconds" : "") + (kind == .counter ? "_total" : "")
    }

    /// A label's name, or a family's, as Prometheus spells it.
    static func prometheusName(_ name: String) -> String { name.replacing(".", with: "_") }
}
