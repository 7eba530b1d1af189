import SluiceTypes

/// Sums and histograms as a collector has them: what comes after them is told as a difference.
struct SentSeries: Sendable {
    private struct Key: Hashable {
        var name: String
        var labels: [String]
    }

    private var values: [Key: Family.Value] = [:]
    let at: Timestamp

    init(_ families: [Family] = [], at moment: Timestamp) {
        at = moment
        for family in families where family.kind != .gauge {
            for sample in family.samples { values[SentSeries.key(family, sample)] = sample.value }
        }
    }

    /// The same families with what has come since; gauges as they are.
    func differences(to families: [Family]) -> [Family] {
        families.map { family in
            guard family.kind != .gauge else { return family }
            var family = family
            family.samples = family.samples.map { sample in
                var sample = sample
                switch (sample.value, values[SentSeries.key(family, sample)]) {
                case (.integer(let now), .integer(let before)): sample.value = .integer(now - before)
                case (.double(let now), .double(let before)): sample.value = .double(now - before)
                case (.histogram(let now), .histogram(let before)): sample.value = .histogram(now.since(before))
                default: break
                }
                return sample
            }
            return family
        }
    }

    private static func key(_ family: Family, _ sample: Family.Sample) -> Key {
        Key(name: family.name, labels: sample.identity.map { [$0] } ?? sample.labels.flatMap { [$0.name, $0.value] })
    }
}
