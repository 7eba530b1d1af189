package import BenchMachine
package import Histogram

/// What a run at planned moments gave.
///
/// All times are microseconds from the planned moment, so that a request which had to
/// wait until the generator or a connection was free counts that wait, as its caller would.
package struct Paced: Sendable {
    /// Until the first byte of the body.
    package var first = Self.histogram
    /// Until the last byte.
    package var whole = Self.histogram
    /// Until the request was sent: what the generator itself added.
    package var late = Self.histogram
    /// Between the upstream's writing of a ``Stamp`` and its arrival, where a stream has one.
    package var underWay = Self.histogram
    /// Between two pieces of the same answer.
    package var gaps = Self.histogram
    package var seconds = 0.0
    package var answers = 0

    package static var histogram: Histogram<UInt64> {
        Histogram(highestTrackableValue: 600_000_000, numberOfSignificantValueDigits: .three)
    }
}

/// What an answer has to be to be right.
package enum Expectation: Sendable {
    /// An object of so many bytes.
    case body(length: Int)
    /// So many events, and the end of a surface's streams.
    case events(Int, of: Surface = .chat)
    /// The same, and one of them with a ``Stamp``.
    case stampedEvents(Int)
    /// Whatever has that status.
    case status(Int)

    /// Whose answers they are.
    var surface: Surface {
        if case .events(_, let surface) = self { surface } else { .chat }
    }

    func isMet(by reply: Reply) -> Bool {
        if case .status(let status) = self { return reply.status == status }
        guard reply.status == 200 else { return false }
        return switch self {
        case .status: false
        case .body(let length): reply.length == length
        case .events(let count, _): reply.events == count && reply.isDone
        case .stampedEvents(let count):
            reply.events == count && reply.isDone && Stamp.first(in: reply.example) != nil
        }
    }
}

extension Load {
    /// Sends a request at each of `count` moments, `perSecond` of them a second, whether or not earlier ones are answered.
    ///
    /// - Throws: `BenchFault` when an answer is not as expected, or a connection breaks.
    package func paced(
        _ request: [UInt8],
        count: Int,
        perSecond: Double,
        expecting: Expectation
    ) throws(BenchFault) -> Paced {
        let poller = try Poller(port: port, connections: connections)
        var run = PacedRun(poller, self, request, count: count, gap: 1e9 / perSecond, expecting: expecting)
        try run.drive()
        return run.outcome
    }
}

/// The state of such a run.
private struct PacedRun: ~Copyable {
    private var poller: Poller
    private let request: [UInt8]
    private let count: Int
    private let gap: Double
    private let expecting: Expectation
    private let start = Nanoseconds.now() + 10_000_000
    /// Connections without a request, the last used on top: a pool keeps few of them warm.
    private var free: [Int]
    private var replies: [Reply]
    private var planned: [UInt64]
    /// When a connection's answer last brought something; nil before it has begun.
    private var heardAt: [UInt64?]
    private var sent = 0
    private(set) var outcome = Paced()

    init(
        _ poller: consuming Poller,
        _ load: Load,
        _ request: [UInt8],
        count: Int,
        gap: Double,
        expecting: Expectation
    ) {
        self.poller = poller
        self.request = request
        self.count = count
        self.gap = gap
        self.expecting = expecting
        free = Array(0..<load.connections)
        replies = [Reply](repeating: Reply(), count: load.connections)
        planned = [UInt64](repeating: 0, count: load.connections)
        heardAt = [UInt64?](repeating: nil, count: load.connections)
    }

    mutating func drive() throws(BenchFault) {
        while outcome.answers < count {
            try sendWhatIsDue()
            if sent < count, !free.isEmpty { try poller.wake(at: moment(sent)) }
            for index in 0..<(try poller.wait(seconds: 30)) {
                if let connection = poller.ready(index) { try take(connection) }
            }
        }
        outcome.seconds = Double(Nanoseconds.now() - start) / 1e9
    }

    private func moment(_ index: Int) -> UInt64 {
        start + UInt64(Double(index) * gap)
    }

    private mutating func sendWhatIsDue() throws(BenchFault) {
        while sent < count, let connection = free.last {
            let now = Nanoseconds.now()
            guard moment(sent) <= now else { return }
            free.removeLast()
            planned[connection] = moment(sent)
            replies[connection] = Reply(expecting.surface)
            heardAt[connection] = nil
            try poller.send(request, connection, at: now)
            outcome.late.record(max(1, (now - moment(sent)) / 1_000))
            sent += 1
        }
    }

    private mutating func take(_ connection: Int) throws(BenchFault) {
        guard try poller.receivePiece(connection) else { return }
        let now = Nanoseconds.now()
        let microseconds = max(1, (now - planned[connection]) / 1_000)
        let hadBegun = replies[connection].length > 0
        let hadStamp = stamp(connection) != nil
        let buffer = poller.buffers[connection]
        try replies[connection].feed(buffer.span.extracting(0..<poller.filled[connection]))
        if !hadBegun, replies[connection].length > 0 { outcome.first.record(microseconds) }
        if let heardAt = heardAt[connection] { outcome.gaps.record(max(1, (now - heardAt) / 1_000)) }
        heardAt[connection] = now
        if !hadStamp, let written = stamp(connection) {
            outcome.underWay.record(max(1, (now - written) / 1_000))
        }
        guard replies[connection].isComplete else { return }
        guard expecting.isMet(by: replies[connection]) else { throw replies[connection].fault }
        outcome.whole.record(microseconds)
        outcome.answers += 1
        free.append(connection)
    }

    /// When the upstream wrote what a connection has; nil where it does not say so, or nobody asks.
    private func stamp(_ connection: Int) -> UInt64? {
        guard case .stampedEvents = expecting else { return nil }
        return Stamp.first(in: replies[connection].example)
    }
}

extension Reply {
    /// Why an answer that was not expected is none.
    var fault: BenchFault {
        let text = String(decoding: example, as: UTF8.self)
        let end = isDone ? " and the end" : ""
        return BenchFault(
            "An answer is not the upstream's: \(status), \(length) bytes, \(events) events\(end): \(text)"
        )
    }
}
