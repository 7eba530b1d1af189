/// For how long a stream has been silent, and when that is to be looked at again: a plain value that decides and does nothing.
struct QuietTime: Sendable {
    private let pause: Duration
    private var lastSound: Duration
    /// The moment for which an alarm is set; it may have gone off.
    private var alarm: Duration?

    init(_ pause: Duration, at uptime: Duration) {
        self.pause = pause
        lastSound = uptime
    }

    mutating func noteSound(at uptime: Duration) {
        lastSound = uptime
    }

    /// Whether it has been silent for the pause; that is said once, and the next pause begins.
    mutating func isOver(at uptime: Duration) -> Bool {
        guard uptime >= lastSound + pause else { return false }
        lastSound = uptime
        return true
    }

    /// The moment for which to set an alarm now; nil where one is set, which may be for earlier.
    mutating func nextAlarm(at uptime: Duration) -> Duration? {
        if let alarm, alarm > uptime { return nil }
        alarm = lastSound + pause
        return alarm
    }
}
