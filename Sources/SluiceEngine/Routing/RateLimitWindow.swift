/// How long a provider wants one model of a row to be left alone: a plain value that decides and does nothing.
struct RateLimitWindow {
    private var closedUntil: Duration?
    private var limitsInARow = 0

    /// How much longer the provider wants patience; nil when it does not.
    func closedFor(at uptime: Duration) -> Duration? {
        closedUntil.flatMap { $0 > uptime ? $0 - uptime : nil }
    }

    /// Whether it holds nothing that is worth remembering.
    func isIdle(at uptime: Duration) -> Bool { closedFor(at: uptime) == nil && limitsInARow == 0 }

    /// Closes it for as long as the provider asked for, or for a guess that doubles as long as no answer comes.
    ///
    /// A wish that is short, or no wait at all, has a floor that doubles in the same way: a provider that always says
    /// "at once" is not called at once for a whole day. Returns how long it stays closed.
    mutating func close(for pause: Duration?, guessing guess: Duration, at uptime: Duration) -> Duration {
        let wish = pause.map { max($0, doubled(.milliseconds(100))) } ?? doubled(guess)
        let until = uptime + wish
        // Answers to calls that were under way may come in any order: the longest wish holds.
        if let closedUntil, closedUntil > uptime {
            self.closedUntil = max(closedUntil, until)
        } else {
            closedUntil = until
            limitsInARow += 1
        }
        return (closedUntil ?? until) - uptime
    }

    /// The provider answered a call.
    mutating func noteAnswer() {
        limitsInARow = 0
    }

    /// `first`, doubled for each time in a row that the provider asked for patience.
    private func doubled(_ first: Duration) -> Duration {
        Backoff.doubled(first, times: limitsInARow)
    }
}
