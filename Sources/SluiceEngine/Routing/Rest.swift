/// A pause after failures, and the calls that end it: a plain value that decides and does nothing.
///
/// It lasts five seconds, and twice as long after each probe that fails, a minute at most.
struct Rest: Sendable {
    static let first = Duration.seconds(5)
    static let longest = Duration.seconds(60)

    private var length = Rest.first
    private var until: Duration
    private var probe = Probe()

    init(at uptime: Duration) {
        until = uptime + Rest.first
    }

    func passage(at uptime: Duration) -> Passage {
        if until > uptime { return .shut(until - uptime) }
        return probe.isDue(at: uptime) ? .probe : .shut(nil)
    }

    /// When the next probe may start; a moment that is over where one is under way.
    var end: Duration { until }

    mutating func beginProbe(at uptime: Duration) -> Duration { probe.begin(at: uptime) }

    mutating func endProbe(_ mark: Duration?) {
        probe.end(mark)
    }

    /// A call failed; what was no probe tells nothing new.
    mutating func noteFailure(of mark: Duration?, at uptime: Duration) {
        guard probe.isUnderWay(mark) else { return }
        probe.end(mark)
        length = min(length * 2, Rest.longest)
        until = uptime + length
    }
}
