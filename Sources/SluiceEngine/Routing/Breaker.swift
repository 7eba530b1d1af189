import SluiceTypes

/// Tells when one model of a row rests because its calls fail, whoever makes them: a plain value that decides and does
/// nothing.
///
/// It opens after ``failuresInARow`` calls that failed without an answer in between. Each job counts once, so that one
/// poisonous prompt opens nothing by its retries; and where several owners call, the failures of one alone open nothing, so
/// that one owner's prompts do not shut the row for the others. While it is open one call at a time finds out whether the
/// provider is well again, after a rest that doubles.
struct Breaker {
    /// So many open it.
    static let failuresInARow = 5
    /// The first rest; each probe that fails doubles it, up to ``longestRest``.
    static let firstRest = Duration.seconds(5)
    static let longestRest = Duration.seconds(60)
    /// A probe that has brought nothing for so long lets the next one go.
    static let probePatience = Duration.seconds(30)
    /// How long an owner who has called counts as one of several.
    static let memory = Duration.seconds(60)

    private var failed: Set<JobID> = []
    private var owners: Set<OwnerID> = []
    private var callers = Callers()
    private var rest: Rest?

    private struct Rest {
        var length: Duration
        var until: Duration
        /// When the probe under way began; nil while none is.
        var probedSince: Duration?
    }

    /// Whether calls fail now, so that the row takes none but probes.
    var isOpen: Bool { rest != nil }

    /// Whether it holds nothing that is worth remembering at `uptime`.
    func isIdle(at uptime: Duration) -> Bool {
        rest == nil && failed.isEmpty && !callers.hasAny(at: uptime)
    }

    /// Whether a call of `owner` may start: nil stands for jobs of the queue, whoever's they are.
    func admits(_ owner: OwnerID?, at uptime: Duration) -> Bool {
        mayProbe(at: uptime) || isStranger(owner)
    }

    /// Whether a call that starts now is the one that finds out.
    private func mayProbe(at uptime: Duration) -> Bool {
        guard let rest else { return true }
        guard rest.until <= uptime else { return false }
        return rest.probedSince.map { uptime - $0 >= Breaker.probePatience } ?? true
    }

    /// One owner's failures say nothing of what another's calls will meet.
    private func isStranger(_ owner: OwnerID?) -> Bool {
        guard let owner, owners.count == 1 else { return false }
        return !owners.contains(owner)
    }

    /// A call starts: a probe where one is due, known by the moment at which it began.
    mutating func begin(at uptime: Duration) -> Duration? {
        guard rest != nil, mayProbe(at: uptime) else { return nil }
        rest?.probedSince = uptime
        return uptime
    }

    /// The probe that began at that moment is over, whatever it came to: the next one may go.
    mutating func endProbe(begun: Duration) {
        if rest?.probedSince == begun { rest?.probedSince = nil }
    }

    /// How long until the next probe may start; nil while it is closed.
    func opensIn(at uptime: Duration) -> Duration? {
        guard let rest else { return nil }
        if rest.until > uptime { return rest.until - uptime }
        // Its end wakes whoever waits; a second is for those who are told when to come again.
        return rest.probedSince == nil ? .zero : .seconds(1)
    }

    /// A call was answered.
    mutating func noteAnswer(to owner: OwnerID, at uptime: Duration) {
        callers.note(owner, at: uptime)
        failed = []
        owners = []
        rest = nil
    }

    /// A call failed in a way that may be the provider's fault.
    ///
    /// `probe` is when it began, where it was one.
    mutating func noteFailure(of job: JobID, _ owner: OwnerID, probe: Duration?, at uptime: Duration) {
        callers.note(owner, at: uptime)
        owners.insert(owner)
        guard var open = rest else {
            failed.insert(job)
            let isOneOfSeveral = owners.count == 1 && callers.hasAnother(than: owner, at: uptime)
            guard failed.count >= Breaker.failuresInARow, !isOneOfSeveral else { return }
            failed = []
            rest = Rest(length: Breaker.firstRest, until: uptime + Breaker.firstRest)
            return
        }
        // What was under way when it opened tells nothing new.
        guard let probe, open.probedSince == probe else { return }
        open.length = min(open.length * 2, Breaker.longestRest)
        open.until = uptime + open.length
        open.probedSince = nil
        rest = open
    }
}

/// Who has called lately: the last owner, and the last other one.
private struct Callers {
    private var latest: (owner: OwnerID, at: Duration)?
    private var other: (owner: OwnerID, at: Duration)?

    mutating func note(_ owner: OwnerID, at uptime: Duration) {
        if let latest, latest.owner != owner { other = latest }
        latest = (owner, uptime)
    }

    func hasAny(at uptime: Duration) -> Bool {
        latest.map { uptime - $0.at < Breaker.memory } ?? false
    }

    func hasAnother(than owner: OwnerID, at uptime: Duration) -> Bool {
        [latest, other].contains { caller in
            caller.map { $0.owner != owner && uptime - $0.at < Breaker.memory } ?? false
        }
    }
}
