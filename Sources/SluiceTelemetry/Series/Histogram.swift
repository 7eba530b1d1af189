/// How often values fell between bounds.
struct Histogram: Sendable {
    /// The upper bounds of the buckets, growing; above the last is one more.
    let bounds: [Double]
    /// Of each bucket by itself.
    private(set) var counts: [Int]
    private(set) var sum = 0.0

    init(_ bounds: [Double]) {
        self.bounds = bounds
        counts = Array(repeating: 0, count: bounds.count + 1)
    }

    var count: Int { counts.reduce(0, +) }

    mutating func add(_ value: Double) {
        counts[bounds.firstIndex { value <= $0 } ?? bounds.count] += 1
        sum += value
    }

    /// What has come since it was `before`.
    func since(_ before: Histogram) -> Histogram {
        guard before.bounds == bounds else { return self }
        var difference = self
        for place in counts.indices { difference.counts[place] -= before.counts[place] }
        difference.sum -= before.sum
        return difference
    }

    /// Seconds of what is over before a caller notices.
    static let brief = [
        0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
    ]
    /// Seconds of calls: OpenTelemetry's own bounds end at 82 s, and models think for longer.
    static let calls = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120, 300, 600]
    /// Seconds of what waits in a queue.
    static let queue = [0.01, 0.1, 0.5, 1, 5, 15, 60, 300, 900, 3600, 14_400, 86_400]
    /// Operations of a commit.
    static let groups: [Double] = [1, 2, 4, 8, 16, 32, 64, 128, 256]
}

extension Duration {
    var seconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) + Double(attoseconds) / 1e18
    }
}
