/// The same figure from several rounds.
struct Series {
    private(set) var values: [Double] = []

    mutating func add(_ value: Double) { values.append(value) }

    var median: Double {
        let sorted = values.sorted()
        guard !sorted.isEmpty else { return .nan }
        let middle = sorted.count / 2
        return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
    }

    /// Round by round, as so many of `other`'s.
    func over(_ other: Series) -> Series {
        var ratios = Series()
        for (one, another) in zip(values, other.values) { ratios.add(one / another) }
        return ratios
    }

    var least: Double { values.min() ?? .nan }
    var most: Double { values.max() ?? .nan }
}
