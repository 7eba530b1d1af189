import SluiceTypes

/// `ExportMetricsServiceRequest`.
///
/// Source: <https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/metrics/v1/metrics.proto>.
struct MetricMessage {
    /// Since when sums and histograms count.
    enum Temporality: Int, Sendable {
        case delta = 1
        case cumulative = 2
    }

    var resource: OTLPResource
    var families: [Family]
    var temporality: Temporality
    var start: Timestamp
    var end: Timestamp

    /// How many points it has.
    var pointCount: Int { families.reduce(0) { $0 + $1.samples.count } }

    func write(to writer: inout some WireWriter) {
        writer.messages(1, "resourceMetrics", [families.filter { !$0.samples.isEmpty }]) { writer, families in
            writer.resource(resource)
            writer.messages(2, "scopeMetrics", [families]) { writer, families in
                writer.scope(resource)
                writer.messages(2, "metrics", families) { write($1, to: &$0) }
            }
        }
    }

    private func write(_ family: Family, to writer: inout some WireWriter) {
        writer.string(1, "name", family.name)
        writer.string(2, "description", family.help)
        writer.string(3, "unit", family.unit)
        switch family.kind {
        case .gauge: writer.message(5, "gauge") { points(of: family, &$0) }
        case .counter:
            writer.message(7, "sum") { writer in
                points(of: family, &writer)
                writer.choice(2, "aggregationTemporality", temporality.rawValue)
                writer.bool(3, "isMonotonic", true)
            }
        case .histogram:
            writer.message(9, "histogram") { writer in
                points(of: family, &writer)
                writer.choice(2, "aggregationTemporality", temporality.rawValue)
            }
        }
    }

    private func points(of family: Family, _ writer: inout some WireWriter) {
        writer.messages(1, "dataPoints", family.samples) { writer, sample in
            let attributes = sample.labels.map { Attribute($0.name, $0.value) }
            if family.kind != .gauge { writer.fixed64(2, "startTimeUnixNano", start.nanoseconds) }
            writer.fixed64(3, "timeUnixNano", end.nanoseconds)
            switch sample.value {
            case .integer(let value):
                writer.signedFixed64(6, "asInt", value)
                writer.attributes(7, attributes)
            case .double(let value):
                writer.double(4, "asDouble", value)
                writer.attributes(7, attributes)
            case .histogram(let histogram):
                writer.fixed64(4, "count", UInt64(clamping: histogram.count))
                writer.double(5, "sum", histogram.sum)
                writer.fixed64s(6, "bucketCounts", histogram.counts.map { UInt64(clamping: $0) })
                writer.doubles(7, "explicitBounds", histogram.bounds)
                writer.attributes(9, attributes)
            }
        }
    }
}
