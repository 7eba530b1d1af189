import SluiceProvider

/// The deadlines of one call: it is told what happens and says when the call is over time.
struct CallClock {
    /// What a call waits for.
    enum Phase: Hashable {
        /// Addresses, a connection, TLS.
        case connecting
        /// The provider to take the request and to begin its answer.
        case asking
        /// The rest of the answer.
        case answering
        /// The end of an answer that nobody reads any more.
        case draining
    }

    private(set) var phase = Phase.connecting
    private let connect: UInt64
    private let firstByte: UInt64
    private let idle: UInt64
    private var end: UInt64
    private var mark: UInt64
    /// Since when the answer is left where it is; nil while it is taken.
    private var restsSince: UInt64?

    /// Starts at `now`, in nanoseconds of the monotonic clock.
    init(_ timeouts: CallTimeouts, now: UInt64) {
        connect = Monotonic.nanoseconds(timeouts.connect)
        firstByte = Monotonic.nanoseconds(timeouts.firstByte)
        idle = Monotonic.nanoseconds(timeouts.idle)
        end = now + Monotonic.nanoseconds(timeouts.total)
        mark = now
    }

    /// When the call is over time if nothing happens until then.
    var deadline: UInt64 { restsSince == nil ? min(phaseEnd, end) : .max }

    /// What is over time at `now`, if anything.
    func overdue(now: UInt64) -> TransportError.Kind? {
        guard now >= deadline else { return nil }
        guard phaseEnd <= end else { return .totalTimeout }
        return switch phase {
        case .connecting: .connectTimeout
        case .asking: .firstByteTimeout
        case .answering, .draining: .idleTimeout
        }
    }

    /// How long the end of an answer is waited for that nobody reads any more, in nanoseconds.
    private static let draining: UInt64 = 1_000_000_000

    /// Nobody reads the answer any more.
    mutating func drain(now: UInt64) {
        phase = .draining
        mark = now
    }

    /// The connection takes a piece of the request.
    ///
    /// The time for the first byte counts from the last piece, so a provider that stops reading runs into it as well.
    mutating func requestMoved(now: UInt64) {
        guard phase != .answering, phase != .draining else { return }
        phase = .asking
        mark = now
    }

    /// A piece of the final answer came.
    mutating func answerMoved(now: UInt64) {
        guard phase != .draining else { return }
        phase = .answering
        mark = now
    }

    /// The answer is left where it is from now on: the provider can't help it, and no time runs.
    mutating func rest(now: UInt64) {
        restsSince = restsSince ?? now
    }

    /// The answer is taken again.
    mutating func goOn(now: UInt64) {
        guard let since = restsSince else { return }
        restsSince = nil
        mark = now
        end += now - since
    }

    private var phaseEnd: UInt64 {
        switch phase {
        case .connecting: mark + connect
        case .asking: mark + firstByte
        case .answering: mark + idle
        case .draining: mark + CallClock.draining
        }
    }
}
