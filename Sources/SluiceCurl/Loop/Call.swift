import SluiceProvider

/// A call that was started and has not ended.
///
/// Only the loop's thread touches it, from commands and from libcurl's callbacks.
final class Call {
    let id: UInt64
    let request: PreparedCall
    var clock: CallClock
    /// The libcurl handle, once there are addresses.
    var transfer: Transfer?
    /// How many bytes of the body libcurl has taken.
    var bodyTaken = 0
    /// Why a callback ended the transfer; tells more than libcurl's code does.
    var failure: TransportError?
    /// The earliest moment the loop has in its queue for this call.
    var scheduled = UInt64.max

    private let stream: TransportEvents.Continuation
    private let turn: Turn
    private var head = HeadReader()
    private var received = 0
    /// How many bytes of the body there is room for.
    private var reserved = 0
    /// How long the answer says its body is.
    private var announced = 0
    /// What came in this turn of the loop, and the body's part of it as one piece.
    private var events: [TransportEvent] = []
    private var piece: [UInt8] = []
    private var isTouched = false

    init(id: UInt64, _ request: PreparedCall, stream: TransportEvents.Continuation, turn: Turn, now: UInt64) {
        self.id = id
        self.request = request
        self.stream = stream
        self.turn = turn
        clock = CallClock(request.timeouts, now: now)
    }

    /// True once the final answer's head is whole.
    var hasHead: Bool { head.isDone }

    /// True once a byte of the final answer came.
    var hasAnswer: Bool { clock.phase == .answering || clock.phase == .draining }

    /// How much is taken of an answer that nobody reads any more, so that its connection serves again.
    private static let drained = 64 << 10

    /// The reader has all it wants: what still comes is thrown away, if it is little and comes soon.
    func drain(now: UInt64) {
        clock.drain(now: now)
        received = 0
    }

    /// The connection takes a piece of the request.
    func requestMoved() {
        clock.requestMoved(now: Monotonic.now())
        touch()
    }

    /// Takes a header line; false ends the transfer.
    func take(headerLine line: UnsafeRawBufferPointer) -> Bool {
        let step = unsafe head.take(line)
        switch step {
        case .passedOver:
            return true
        case .more:
            clock.answerMoved(now: Monotonic.now())
        case .head(let head):
            events.append(.head(head))
            // Known before it comes: nothing of it need be read.
            announced = request.method == "HEAD" ? 0 : head["content-length"].flatMap { Int($0) } ?? 0
            guard announced <= request.answerLimit else {
                failure = tooLarge
                return false
            }
        case .broken(let message):
            failure = TransportError(.malformed, requestSent: true, message)
            return false
        }
        touch()
        return true
    }

    /// What becomes of a piece of the body.
    enum BodyStep {
        case taken
        /// It stays where it is until there is room for it: see ``goOn(now:)``.
        case left
        /// The transfer ends.
        case refused
    }

    /// Takes a piece of the body.
    func take(body: UnsafeRawBufferPointer) -> BodyStep {
        guard head.isDone else {
            failure = TransportError(.malformed, requestSent: true, "The answer's body came before its head.")
            return .refused
        }
        let isDrained = clock.phase == .draining
        guard body.count <= (isDrained ? Call.drained : request.answerLimit) - received else {
            failure = tooLarge
            return .refused
        }
        guard isDrained || hasRoom(for: body.count) else {
            clock.rest(now: Monotonic.now())
            turn.resting.append(self)
            return .left
        }
        received += body.count
        guard !isDrained else { return .taken }
        unsafe piece.append(contentsOf: body)
        clock.answerMoved(now: Monotonic.now())
        touch()
        return .taken
    }

    /// Sets room aside for the next `count` bytes; at first for all that is announced, so that an answer that has begun need not
    /// rest half-way.
    private func hasRoom(for count: Int) -> Bool {
        guard let room = request.room else { return true }
        let missing = max(received + count, announced) - reserved
        guard missing > 0 else { return true }
        guard room.take(missing) else { return false }
        reserved += missing
        return true
    }

    /// There may be room for the answer again.
    func goOn(now: UInt64) {
        clock.goOn(now: now)
        transfer?.goOn()
    }

    /// Gives the reader what came in this turn of the loop.
    func flush() {
        isTouched = false
        let events = takeEvents()
        if !events.isEmpty { stream.yield(contentsOf: events) }
    }

    /// Ends the stream, after what came.
    func finish(_ error: TransportError?) {
        isTouched = false
        let events = takeEvents()
        stream.finish(after: error == nil ? events + [.end] : events, throwing: error)
    }

    private func takeEvents() -> [TransportEvent] {
        if !piece.isEmpty { events.append(.chunk(piece)) }
        piece = []
        defer { events = [] }
        return events
    }

    private var tooLarge: TransportError {
        let message = "The answer has more than \(request.answerLimit) bytes."
        return TransportError(.answerTooLarge, requestSent: true, message)
    }

    private func touch() {
        guard !isTouched else { return }
        isTouched = true
        turn.touched.append(self)
    }
}

/// The calls to which something happened in this turn of the loop.
final class Turn {
    var touched: [Call] = []
    /// Those whose answer is left where it is, for lack of room.
    var resting: [Call] = []
}
