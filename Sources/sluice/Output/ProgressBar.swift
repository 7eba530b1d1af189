import Glibc

/// One line on a terminal that shows how far long work has come, drawn anew in its place.
///
/// Where standard error is no terminal there is none: a log is not to fill with bars.
struct ProgressBar {
    let isShown: Bool
    private let unit: String
    private let clock = ContinuousClock()
    private let start: ContinuousClock.Instant
    private var lastDrawn: ContinuousClock.Instant?

    private static let width = 24
    private static let pause = Duration.milliseconds(100)

    /// Begins to count; `unit` is what is counted, as in "jobs".
    init(_ unit: String, isShown: Bool = isatty(STDERR_FILENO) == 1) {
        self.unit = unit
        self.isShown = isShown
        start = clock.now
    }

    /// Shows `done` of `total`, or of an unknown number; not more often than an eye can follow.
    mutating func show(_ done: Int64, of total: Int64?, _ what: String = "") {
        guard isShown else { return }
        let now = clock.now
        if let lastDrawn, lastDrawn.duration(to: now) < ProgressBar.pause { return }
        lastDrawn = now
        Console.draw(ProgressBar.line(done, total, unit, start.duration(to: now), what))
    }

    /// Takes the line away.
    mutating func clear() {
        if isShown, lastDrawn != nil { Console.draw("") }
        lastDrawn = nil
    }

    static func line(_ done: Int64, _ total: Int64?, _ unit: String, _ time: Duration, _ what: String = "") -> String {
        let seconds = Double(time.components.seconds) + Double(time.components.attoseconds) / 1e18
        let rate = seconds > 0 ? Int64(Double(done) / seconds) : 0
        let head = what.isEmpty ? "" : "\(what) "
        guard let total, total > 0 else { return "\(head)\(done) \(unit), \(rate)/s" }
        let share = min(max(Double(done) / Double(total), 0), 1)
        let full = Int(share * Double(width))
        let bar = String(repeating: "#", count: full) + String(repeating: ".", count: width - full)
        return "\(head)[\(bar)] \(Int(share * 100)) %, \(done) of \(total) \(unit), \(rate)/s"
    }
}
