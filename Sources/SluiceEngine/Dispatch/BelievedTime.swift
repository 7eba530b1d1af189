import SluiceTypes

/// A time of day that follows the wall clock, but no jump of it.
///
/// A wall clock may be years ahead for a minute: a machine resumed with a wrong clock, a slip of its operator. What is done
/// by it and can't be undone must wait until it has lasted. So a lead of more than an hour is caught up with step by step,
/// a day for each hour that passes; a clock that goes back is followed at once.
struct BelievedTime: Sendable {
    /// A lead that is believed at once: what clocks are set right by, and what a restart takes.
    private static let tolerance = Duration.seconds(3600)
    /// How many hours of a lead are caught up with in an hour.
    private static let pace = 24

    private var moment: Timestamp
    private var uptime: Duration

    /// Begins with what was believed at `uptime`.
    init(_ moment: Timestamp, at uptime: Duration) {
        self.moment = moment
        self.uptime = uptime
    }

    /// What to believe of a wall clock that shows `wall` at `uptime`.
    mutating func believe(_ wall: Timestamp, at uptime: Duration) -> Timestamp {
        let passed = max(.zero, uptime - self.uptime)
        self.uptime = max(self.uptime, uptime)
        let isNear = wall.since(moment.adding(passed)) <= Self.tolerance
        moment = isNear ? wall : min(wall, moment.adding(passed * Self.pace))
        return moment
    }
}
