import Foundation

/// Decides how long an operation waits for others to share its commit.
///
/// A commit costs nearly the same for one operation as for twenty. While operations come together, each round waits for
/// as long as the last one took, so that half as many commits carry twice as much; whoever always comes alone never waits.
struct GroupCommitDelay {
    private let longest: Duration
    private let clock = ContinuousClock()
    private var began: ContinuousClock.Instant
    private var lastCount = 0
    private var lastDuration = Duration.zero

    init(_ settings: SQLiteSettings) {
        longest = settings.longestCommitDelay
        began = clock.now
    }

    /// Waits, where the last round had more than one operation.
    func wait() {
        guard lastCount > 1 else { return }
        let pause = min(lastDuration, longest)
        Thread.sleep(forTimeInterval: Double(pause.components.attoseconds) / 1e18)
    }

    /// A round of `count` operations begins.
    mutating func begin(_ count: Int) {
        lastCount = count
        began = clock.now
    }

    /// It has been committed.
    mutating func end() {
        lastDuration = began.duration(to: clock.now)
    }
}
