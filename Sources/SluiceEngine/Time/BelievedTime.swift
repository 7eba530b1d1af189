import SluiceStore
import SluiceTypes

/// A time of day that follows the wall clock, but no jump of it.
///
/// A wall clock may be years ahead for a minute: a machine resumed with a wrong clock, a slip of its operator. What is done
/// by it and can't be undone must wait until it has lasted. So a lead of more than an hour is caught up with step by step,
/// a day for each hour that passes, and believed once it has lasted for a day. A clock that goes back is followed at once,
/// and so is its way forward again: it may be the one that was wrong.
struct BelievedTime: Sendable {
    /// How many hours of a lead are caught up with in an hour.
    private static let pace = 24
    /// How long a wall clock must go on contradicting what is believed, to be believed itself.
    private static let lasting = Duration.seconds(86_400)

    /// The latest time of day that was believed, moved on by what has passed since.
    private(set) var peak: Timestamp
    private var uptime: Duration
    private var leadSince: Duration?
    private var lagSince: Duration?

    /// Begins with what was believed at `uptime`.
    init(_ moment: Timestamp, at uptime: Duration) {
        peak = moment
        self.uptime = uptime
    }

    /// What to believe of a wall clock that shows `wall` at `uptime`.
    mutating func believe(_ wall: Timestamp, at uptime: Duration) -> Timestamp {
        let passed = max(.zero, uptime - self.uptime)
        self.uptime = max(self.uptime, uptime)
        peak = peak.adding(passed)
        leadSince = wall.since(peak) > JobLimits.clockLead ? leadSince ?? uptime : nil
        lagSince = peak.since(wall) > JobLimits.clockLead ? lagSince ?? uptime : nil
        if let since = leadSince ?? lagSince, uptime - since >= Self.lasting { peak = wall }
        if leadSince != nil {
            peak = min(wall, peak.adding(passed * (Self.pace - 1)))
            return peak
        }
        if lagSince == nil { peak = max(peak, wall) }
        return wall
    }

    /// For how long the wall clock has been behind what was believed; zero while it is not.
    func lag(at uptime: Duration) -> Duration {
        lagSince.map { max(.zero, uptime - $0) } ?? .zero
    }

    /// True while the wall clock is behind what was believed.
    var isBehind: Bool { lagSince != nil }

    /// Takes a later time to have been believed, where one is given.
    mutating func raise(to moment: Timestamp) {
        peak = max(peak, moment)
    }
}
