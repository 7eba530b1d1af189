/// Tells whether connections to a host can be made: a plain value that decides and does nothing.
///
/// What can't be reached is nobody's request's fault, so it is shut for all, and costs no job anything.
struct OriginHealth: Sendable {
    /// So many connections in a row that could not be made shut it.
    static let failuresInARow = 3

    private var failures = 0
    private var rest: Rest?

    func passage(at uptime: Duration) -> Passage { rest?.passage(at: uptime) ?? .open }

    /// When the next connection is tried; nil while all is well.
    var restsUntil: Duration? { rest?.end }

    mutating func beginProbe(at uptime: Duration) -> Duration? { rest?.beginProbe(at: uptime) }

    mutating func endProbe(_ mark: Duration?) {
        rest?.endProbe(mark)
    }

    /// A connection could not be made; nothing of the request was sent.
    mutating func noteUnreachable(probe: Duration?, at uptime: Duration) {
        guard rest == nil else {
            rest?.noteFailure(of: probe, at: uptime)
            return
        }
        failures += 1
        if failures >= OriginHealth.failuresInARow { rest = Rest(at: uptime) }
    }

    /// A connection was made, whatever came of the request.
    ///
    /// True when it was shut.
    @discardableResult
    mutating func noteConnected() -> Bool {
        defer {
            failures = 0
            rest = nil
        }
        return rest != nil
    }
}
