import Foundation

/// Lets work that nobody waits for rest for twice as long as it has worked.
///
/// Its writes go through the same disk as the commits that callers wait for. Flushing them on the way instead made those
/// commits slower still.
struct Pace {
    private let clock = ContinuousClock()
    private var began: ContinuousClock.Instant

    private static let longestRest = 0.2

    init() {
        began = clock.now
    }

    /// Rests for the work since the last rest.
    mutating func rest() {
        let worked = began.duration(to: clock.now).components
        let seconds = Double(worked.seconds) + Double(worked.attoseconds) / 1e18
        Thread.sleep(forTimeInterval: min(2 * seconds, Pace.longestRest))
        began = clock.now
    }
}
