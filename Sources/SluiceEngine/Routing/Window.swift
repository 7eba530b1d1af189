import SluiceTypes

/// How long a provider wants one model of an account to be left alone: a plain value that decides and does nothing.
///
/// At its end one call goes, and when that is answered the others.
struct Window: Sendable {
    /// So long it is believed at most, whatever a provider says.
    static let longest = Duration.seconds(900)
    /// The shortest, for a wish of none: doubled like a guess.
    static let shortest = Duration.milliseconds(100)

    private struct Shut {
        var until: Duration
        var affected: Affected
        var probe = Probe()
    }

    private var shut: Shut?
    private var limitsInARow = 0
    /// When a call last ended well.
    private(set) var lastWell: Duration?

    /// Until when it is shut, or was; nil while it is open.
    var end: Duration? { shut?.until }

    /// For whom it is shut; nil while it is open.
    var affected: Affected? { shut?.affected }

    /// Whether it holds nothing that is worth remembering.
    var isIdle: Bool { shut == nil && limitsInARow == 0 }

    /// Whether a call of `owner` may start: nil stands for whoever is not named.
    func passage(of owner: OwnerID?, at uptime: Duration) -> Passage {
        guard let shut, shut.affected.includes(owner) else { return .open }
        if shut.until > uptime { return .shut(shut.until - uptime) }
        return shut.probe.isDue(at: uptime) ? .probe : .shut(nil)
    }

    mutating func beginProbe(at uptime: Duration) -> Duration? { shut?.probe.begin(at: uptime) }

    mutating func endProbe(_ mark: Duration?) {
        shut?.probe.end(mark)
    }

    /// Shuts it for as long as the provider asked for, or for a guess that doubles as long as no answer comes.
    ///
    /// A wish that is short, or no wait at all, has a floor that doubles in the same way: a provider that always says
    /// "at once" is not called at once for a whole day. Returns how long it stays shut.
    mutating func close(
        for wish: Duration?,
        guessing guess: Duration,
        to owner: OwnerID,
        at uptime: Duration
    ) -> Duration {
        let pause = min(wish.map { max($0, doubled(Window.shortest)) } ?? doubled(guess), Window.longest)
        let until = uptime + pause
        guard var known = shut else {
            shut = Shut(until: until, affected: .owner(owner))
            limitsInARow += 1
            return pause
        }
        known.affected.widen(by: owner)
        if known.until > uptime {
            // Answers to calls that were under way may come in any order: the longest wish holds.
            known.until = max(known.until, until)
        } else {
            known.until = until
            known.probe = Probe()
            limitsInARow += 1
        }
        shut = known
        return known.until - uptime
    }

    /// A call of `owner` ended well.
    ///
    /// For whom that opened it; nil where it did not, since what was under way when it was shut says nothing of its end.
    mutating func noteWell(of owner: OwnerID, at uptime: Duration) -> Affected? {
        lastWell = uptime
        guard let known = shut else {
            limitsInARow = 0
            return nil
        }
        guard known.affected.includes(owner), known.until <= uptime else { return nil }
        limitsInARow = 0
        shut = nil
        return known.affected
    }

    /// `first`, doubled for each time in a row that the provider asked for patience.
    private func doubled(_ first: Duration) -> Duration {
        Backoff.doubled(first, times: limitsInARow, atMost: .seconds(60))
    }
}
