import SluiceJSON
package import SluiceProvider
import SluiceTypes
import Synchronization

/// The events of one attempt in order: one copy for all who read it, kept until the last of them, and the attempt
/// itself, are done with it.
///
/// A reader's position is a byte offset between two entries, so that it can leave and come back. The attempt never waits for
/// a reader.
package final class JobLog: Sendable {
    fileprivate struct State: Sendable {
        var bytes: [UInt8] = []
        var isClosed = false
        var stage = ReplyStage.preamble
        var beginning = AnswerBeginning()
        var fields: [String: String] = [:]
        var dropped: [String] = []
        var upstreamID: String?
    }

    /// The most bytes that a read gives, unless one entry is longer.
    package static let pieceLength = 64 << 10

    /// The epoch of the attempt.
    package let epoch: Int64
    /// True for a stream, whose chunks are kept; a plain answer's object is the stored result itself and is not written
    /// a second time.
    private let keepsChunks: Bool
    private let state: Monitor<State>
    /// Where its bytes count, for as long as it lives; nil where nobody counts.
    private let memory: HeldMemory?
    /// What a plain answer has of it besides, for as long; nil for a stream.
    private let share: Mutex<AnswerShare?>

    /// The log of an attempt that begins; what it holds, and a plain answer with it, counts in `memory`.
    package init(epoch: Int64, keepsChunks: Bool, memory: HeldMemory? = nil) {
        self.epoch = epoch
        self.keepsChunks = keepsChunks
        self.memory = memory
        share = Mutex(keepsChunks ? nil : memory.map { AnswerShare(of: $0) })
        state = Monitor(State())
    }

    /// The log of an attempt that has ended, as it was stored; it counts in `memory`.
    init(epoch: Int64, stored bytes: [UInt8], memory: HeldMemory? = nil) {
        self.epoch = epoch
        keepsChunks = true
        self.memory = memory
        share = Mutex(nil)
        state = Monitor(State(bytes: bytes, isClosed: true))
        memory?.add(bytes.count)
    }

    deinit {
        memory?.giveBack(count)
        share.withLock { $0?.leave() }
    }

    // MARK: Room

    /// Where room is asked for before an answer is taken; nil for a stream, which is never held back.
    var room: (any AnswerRoom)? { keepsChunks ? nil : self }

    // MARK: Writing

    /// Adds events and wakes the readers.
    package func append(_ events: [ReplyEvent]) {
        state.change { state in
            let count = state.bytes.count
            for event in events { write(event, to: &state) }
            memory?.add(state.bytes.count - count)
        }
    }

    /// Notes what the attempt's request was sent without, each by its name.
    func note(dropped names: [String]) {
        state.change { $0.dropped = names }
    }

    /// Says that nothing more will come, and wakes the readers.
    package func close() {
        state.change { $0.isClosed = true }
    }

    private func write(_ event: ReplyEvent, to state: inout State) {
        if let stage = event.stage { state.stage = max(state.stage, stage) }
        switch event {
        case .start(let id, _):
            state.upstreamID = id
            state.write(.start, (id ?? "").utf8)
        case .upstream(let name, let bytes, _): if keepsChunks { state.write(.upstream, name: name, bytes) }
        case .text(let piece): state.write(.text, piece.utf8)
        case .usage(let usage): state.write(.usage, usage.json)
        case .fields(let fields): state.fields = fields
        case .finish(let reason, _): state.write(.finish, reason.utf8)
        case .terminal(let name, let bytes): if keepsChunks { state.write(.terminal, name: name, bytes) }
        case .error(let error): state.write(.error, LoggedError(error).payload)
        }
    }

    /// The header fields of the answer that go back to the caller, by their names in small letters.
    ///
    /// They are not kept with the log.
    package var fields: [String: String] { state.read { $0.fields } }

    /// What the attempt's request was sent without, each by its name.
    ///
    /// It is kept with the attempt, and not with the log.
    package var dropped: [String] { state.read { $0.dropped } }

    /// What the provider calls the answer; nil before it has said so.
    var upstreamID: String? { state.read { $0.upstreamID } }

    // MARK: Reading

    /// What has been written so far.
    package var bytes: [UInt8] { state.read { $0.bytes } }

    /// True once there is something of a stream that its reader gets; never for a plain answer.
    var isBegun: Bool { keepsChunks && state.read { $0.beginning.isBegun } }

    /// How many bytes have been written so far.
    package var count: Int { state.read { $0.bytes.count } }

    /// True when nothing more will come.
    package var isClosed: Bool { state.read { $0.isClosed } }

    /// True when an entry begins, or the log ends, at `offset`.
    func hasPosition(_ offset: Int) -> Bool {
        // Under the lock: a copy of the bytes that is held here would be a second one at the next event.
        state.read { LogEntry.begins(at: offset, in: $0.bytes) }
    }

    /// The next whole entries behind `offset`, about ``pieceLength`` bytes of them; empty where there are none yet, nil
    /// when the log is closed and was read to its end.
    ///
    /// A copy: a reader that held on to the log's own bytes would make it copy them all at the next event.
    package func piece(from offset: Int) -> LogPiece? {
        state.read { $0.piece(from: offset) }
    }

    /// Hands all that is written to `use`, from the beginning on and as it comes, in pieces of whole entries; and nil for each
    /// `silence` in which its reader heard nothing, and once when `nudge` fires.
    ///
    /// `use` tells whether its reader heard something. Returns when the log is closed and was read to its end, and when the task is cancelled.
    ///
    /// - Throws: what `use` throws.
    package func read<Failure: Error>(
        silence: (pause: Duration, time: EngineTime, alarms: AlarmClock)? = nil,
        nudge: Signal? = nil,
        _ use: (LogPiece?) async throws(Failure) -> Bool
    ) async throws(Failure) {
        let isBegun = { @Sendable (state: State) in state.isLonger(than: 0) }
        try await state.watching(isBegun, unless: nudge) { (bell) async throws(Failure) in
            var position = 0
            var isNudged = false
            var quiet = silence.map { QuietTime($0.pause, at: $0.time.uptime()) }
            while true {
                let next = state.read { $0.next(behind: position) }
                switch next {
                case .end: return
                case .piece(let piece):
                    position = piece.end
                    if try await use(piece) {
                        if let silence { quiet?.noteSound(at: silence.time.uptime()) }
                        continue
                    }
                case nil: if Task.isCancelled { return }
                }
                // Also where much comes of which the reader hears nothing.
                if !isNudged, nudge?.hasFired == true {
                    isNudged = true
                    _ = try await use(nil)
                    continue
                }
                if let silence {
                    let uptime = silence.time.uptime()
                    if quiet?.isOver(at: uptime) == true {
                        _ = try await use(nil)
                        continue
                    }
                    if next == nil, let alarm = quiet?.nextAlarm(at: uptime) {
                        silence.alarms.set(at: alarm) { bell.ring() }
                    }
                }
                if next == nil { await bell.wait() }
            }
        }
    }

    /// Returns when the log is longer than `length`, closed, or `moment` is reached by the engine's uptime, or when the
    /// task is cancelled.
    package func wait(past length: Int, until moment: Duration, _ time: EngineTime) async {
        _ = await state.wait(until: (moment, time)) { $0.isLonger(than: length) ? true : nil }
    }

    /// From now on rings `bell` whenever something is written and the log is longer than `length`, and when it is closed;
    /// at once where that is so already.
    func ring(_ bell: Doorbell, past length: Int) {
        state.watch(bell) { $0.isLonger(than: length) }
    }

    /// From now on rings `bell` whenever something is written to a stream that has begun, and when it is closed; at once where
    /// it is so already.
    func ringWhenBegun(_ bell: Doorbell) {
        state.watch(bell) { $0.beginning.isBegun || $0.isClosed }
    }

    /// Forgets what ``ring(_:past:)`` and ``ringWhenBegun(_:)`` began.
    func dismiss(_ bell: Doorbell) {
        state.unwatch(bell)
    }
}

extension JobLog: AnswerRoom {
    /// Sets room for bytes of a plain answer aside, until the log is let go of.
    package func take(_ bytes: Int) -> Bool {
        share.withLock { $0?.take(bytes) ?? true }
    }

    /// Calls `again` when it is worth asking anew.
    package func wait(_ again: @escaping @Sendable () -> Void) {
        share.withLock { $0 }?.wait(again)
    }
}

extension JobLog.State {
    fileprivate mutating func write(_ kind: LogEntry.Kind, name: String? = nil, _ payload: some Collection<UInt8>) {
        let stage = LogEntry.Stage(stage)
        LogEntry.append(kind, stage, name: name, payload, to: &bytes)
        beginning.note(kind, stage, payload.count)
    }

    fileprivate func isLonger(than length: Int) -> Bool { bytes.count > length || isClosed }

    fileprivate func piece(from offset: Int) -> LogPiece? {
        let start = max(offset, LogFormat.start)
        let length = LogEntry.length(of: bytes, from: start, atMost: JobLog.pieceLength) ?? 0
        guard length > 0 || !isClosed else { return nil }
        guard length > 0 else { return LogPiece(bytes: [], start: offset) }
        return LogPiece(bytes: Array(bytes[start..<(start + length)]), start: start)
    }

    /// What there is for a reader who has read up to `offset`; nil for nothing yet.
    fileprivate func next(behind offset: Int) -> Next? {
        guard let piece = piece(from: offset) else { return .end }
        return piece.isEmpty ? nil : .piece(piece)
    }

    fileprivate enum Next: Sendable {
        case piece(LogPiece)
        case end
    }
}

extension Usage {
    fileprivate var json: [UInt8] {
        JSONWriter.bytes { writer in
            writer.object { count in
                count.member("promptTokens", promptTokens)
                count.member("completionTokens", completionTokens)
                count.member("totalTokens", totalTokens)
            }
        }
    }
}
