import SluiceTypes

/// Whether an account may be out of money, or not allowed what is asked of it, though nobody says so: a plain value that
/// decides and does nothing.
///
/// A 402 or a 403 is said of one request, until three different jobs in a row have met it. Then other accounts are asked
/// first, and the queue's jobs wait but for one a minute; no call is refused for it.
struct Suspicion: Sendable {
    /// So many different jobs in a row raise it.
    static let jobsInARow = 3
    /// How often one job of the queue finds out.
    static let interval = Duration.seconds(60)

    private var jobs: [JobID] = []
    /// When a job of the queue was last sent; nil where none has been since it was raised.
    private var lastSent: Duration?
    private var probe = Probe()

    var isRaised: Bool { jobs.count >= Suspicion.jobsInARow }

    /// Whether a job of the queue may start.
    func passage(at uptime: Duration) -> Passage {
        guard isRaised else { return .open }
        if let lastSent, lastSent + Suspicion.interval > uptime { return .shut(lastSent + Suspicion.interval - uptime) }
        return probe.isDue(at: uptime) ? .probe : .shut(nil)
    }

    /// A place is set aside for a job of the queue though it is raised; whether a job takes it, ``noteSent(at:)`` tells.
    mutating func beginProbe(at uptime: Duration) -> Duration { probe.begin(at: uptime) }

    mutating func endProbe(_ mark: Duration?) {
        probe.end(mark)
    }

    /// A job of the queue is sent though it is raised.
    mutating func noteSent(at uptime: Duration) {
        if isRaised { lastSent = uptime }
    }

    /// A job met a 402 or a 403 that says nothing of the account.
    mutating func note(_ job: JobID) {
        guard !isRaised, !jobs.contains(job) else { return }
        jobs.append(job)
    }

    /// A call was answered, or the operator has looked after it.
    ///
    /// True when it was raised.
    mutating func clear() -> Bool {
        defer {
            jobs = []
            lastSent = nil
        }
        return isRaised
    }
}
