public import SluiceTypes

/// When a price is valid: all that it says must hold.
public struct Validity: Hashable, Sendable {
    /// From this moment on.
    public var from: Timestamp?
    /// Before this moment.
    public var until: Timestamp?
    /// In these hours of each day.
    public var hours: DailyHours?

    /// Always, unless something is said.
    public init(from: Timestamp? = nil, until: Timestamp? = nil, hours: DailyHours? = nil) {
        self.from = from
        self.until = until
        self.hours = hours
    }

    /// Tells whether a price is valid at a moment.
    public func holds(at moment: Timestamp) -> Bool {
        if let from, moment < from { return false }
        if let until, moment >= until { return false }
        guard let hours else { return true }
        let rest = moment.milliseconds % 86_400_000
        return hours.contains(millisecondOfDay: rest < 0 ? rest + 86_400_000 : rest)
    }
}
