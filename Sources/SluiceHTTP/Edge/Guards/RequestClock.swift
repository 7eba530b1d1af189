import NIOCore

/// Decides whether a request arrives quickly enough.
///
/// It is told what arrives; it has no clock of its own.
struct RequestClock {
    private enum Phase {
        /// Between requests, or while one is being answered.
        case idle
        case head(since: NIODeadline)
        case body(since: NIODeadline, received: Int)
    }

    enum Verdict: Equatable {
        case fine
        case slowHead
        case slowBody
    }

    private let limits: ConnectionLimits
    private var phase = Phase.idle
    /// How long a body may take before its rate counts.
    private static let rateGrace = TimeAmount.seconds(5)

    init(_ limits: ConnectionLimits) {
        self.limits = limits
    }

    var isReadingHead: Bool {
        if case .head = phase { return true }
        return false
    }

    /// True from the end of a request's header to the end of its body.
    var isReadingBody: Bool {
        if case .body = phase { return true }
        return false
    }

    mutating func received(_ bytes: Int, at now: NIODeadline) {
        switch phase {
        case .idle: phase = .head(since: now)
        case .head: break
        case .body(let since, let received): phase = .body(since: since, received: received + bytes)
        }
    }

    mutating func headEnded(at now: NIODeadline) { phase = .body(since: now, received: 0) }

    mutating func bodyEnded() { phase = .idle }

    /// When to look again; nil while nothing is being read.
    func nextCheck(after now: NIODeadline) -> NIODeadline? {
        switch phase {
        case .idle: nil
        case .head(let since): since + TimeAmount(limits.headerTime)
        case .body(let since, _): min(since + TimeAmount(limits.bodyTime), now + RequestClock.rateGrace)
        }
    }

    func check(at now: NIODeadline) -> Verdict {
        switch phase {
        case .idle: return .fine
        case .head(let since): return now - since >= TimeAmount(limits.headerTime) ? .slowHead : .fine
        case .body(let since, let received):
            let elapsed = now - since
            if elapsed >= TimeAmount(limits.bodyTime) { return .slowBody }
            guard elapsed >= RequestClock.rateGrace else { return .fine }
            let seconds = Int(elapsed.nanoseconds / 1_000_000_000)
            return received < seconds * limits.bodyRate ? .slowBody : .fine
        }
    }
}
