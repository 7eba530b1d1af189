import Histogram

extension Histogram<UInt64> {
    /// Adds what another one has recorded.
    mutating func add(_ other: Histogram<UInt64>) {
        for value in other.recordedValues() { record(value.value, count: value.count) }
    }

    func microseconds(at percentile: Double) -> Double {
        Double(valueAtPercentile(percentile))
    }
}
