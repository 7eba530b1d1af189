/// Why a row can't be used though its file seemed to be in order: a plain value that decides and does nothing.
///
/// Its address is one that may not be called, or the gateway lacks what signs its calls. That is no outage: only an operator
/// can mend it, or whoever keeps the name of the host, so it is tried again now and then.
struct RowFault: Sendable {
    /// What is wrong, with what to do.
    let reason: String
    private let at: Duration
    private var probe = Probe()

    init(_ reason: String, at uptime: Duration) {
        self.reason = reason
        at = uptime
    }

    /// Whether a call may start; it is tried again after `interval`.
    func passage(each interval: Duration, at uptime: Duration) -> Passage {
        let due = at + interval
        if due > uptime { return .shut(due - uptime) }
        return probe.isDue(at: uptime) ? .probe : .shut(nil)
    }

    mutating func beginProbe(at uptime: Duration) -> Duration { probe.begin(at: uptime) }

    mutating func endProbe(_ mark: Duration?) {
        probe.end(mark)
    }
}
