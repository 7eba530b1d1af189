/// For how long a stream has been silent, and when that is to be looked at again: a plain value that decides and does nothing.
package struct QuietTime: Sendable {
    private let pause: Duration
    private var lastSound: Duration
    /// The moment for which an alarm is set; it may have gone off.
    private var alarm: Duration?

    /// Silent from `uptime` on; a silence is one of `pause`.
    package init(_ pause: Duration, at uptime: Duration) {
        self.pause = pause
        lastSound = uptime
    }

    package mutating func noteSound(at uptime: Duration) {
        lastSound = uptime
    }

    /// Whether it has been silent for the pause; that is said once, and the next pause begins.
    package mutating func isOver(at uptime: Duration) -> Bool {
        guard uptime >= lastSound + pause else { return false }
        lastSound = uptime
        return true
    }

    /// How long the silence may still last.
    package func rest(at uptime: Duration) -> Duration { max(lastSound + pause - uptime, .zero) }

    /// The moment for which to set an alarm now; nil where one is set, which may be for earlier.
    mutating func nextAlarm(at uptime: Duration) -> Duration? {
        if let alarm, alarm > uptime { return nil }
        alarm = lastSound + pause
        return alarm
    }
}
