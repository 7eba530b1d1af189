import NIOCore

/// Decides whether a request arrives quickly enough.
///
/// It is told what arrives; it has no clock of its own.
struct RequestClock {
    private enum Phase {
        /// Between requests, or while one is being answered.
        case idle
        case head(since: NIODeadline)
        case body(Body)
    }

    /// How a body arrives.
    private struct Body {
        let since: NIODeadline
        /// How long it says that it is; nil for one that does not say.
        let announced: Int?
        var received = 0
        /// From when on its rate is counted, and what had come by then.
        var counted: (since: NIODeadline, received: Int)
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
    /// Over how long its rate is counted.
    private static let rateTime = TimeAmount.seconds(10)

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

    /// How many bytes of the body that is being read have come, and since when; nil while there is none.
    var body: (received: Int, since: NIODeadline)? {
        if case .body(let body) = phase { (body.received, body.since) } else { nil }
    }

    mutating func received(_ bytes: Int, at now: NIODeadline) {
        switch phase {
        case .idle: phase = .head(since: now)
        case .head: break
        case .body(var body):
            body.received += bytes
            if now <= body.counted.since { body.counted.received = body.received }
            phase = .body(body)
        }
    }

    /// A body follows, which says that it has `announced` bytes, or does not say.
    mutating func headEnded(at now: NIODeadline, announced: Int?) {
        phase = .body(Body(since: now, announced: announced, counted: (now + RequestClock.rateGrace, 0)))
    }

    mutating func bodyEnded() { phase = .idle }

    /// When to look again; nil while nothing is being read.
    func nextCheck(after now: NIODeadline) -> NIODeadline? {
        switch phase {
        case .idle: nil
        case .head(let since): since + TimeAmount(limits.headerTime)
        case .body(let body):
            min(end(of: body), max(body.counted.since + RequestClock.rateTime, now + .milliseconds(1)))
        }
    }

    /// By when a body must have come: the longer it is, the longer it may take.
    private func end(of body: Body) -> NIODeadline {
        let bytes = body.announced ?? body.received
        let more = TimeAmount.milliseconds(Int64(bytes) * 1000 / Int64(max(limits.bodyPace, 1)))
        return body.since + TimeAmount(limits.bodyTime) + more
    }

    mutating func check(at now: NIODeadline) -> Verdict {
        switch phase {
        case .idle: return .fine
        case .head(let since): return now - since >= TimeAmount(limits.headerTime) ? .slowHead : .fine
        case .body(var body):
            if now >= end(of: body) { return .slowBody }
            let time = now - body.counted.since
            guard time >= RequestClock.rateTime else { return .fine }
            let seconds = Int(time.nanoseconds / 1_000_000_000)
            if body.received - body.counted.received < seconds * limits.bodyRate { return .slowBody }
            body.counted = (now, body.received)
            phase = .body(body)
            return .fine
        }
    }
}
