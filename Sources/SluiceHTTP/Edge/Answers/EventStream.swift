import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import SluiceEngine
import SluiceTypes
import Synchronization

/// One answer in pieces, for a reader that may be slow.
///
/// Each piece waits until the connection takes it. A reader that does not keep up is cut: its connection is closed, and
/// the write under way fails; where it is to be told, the write ends in ``FellBehind`` first. Neither the log nor its other readers
/// notice.
struct EventStream {
    /// The log has run away from the reader, which has a moment for a last word.
    struct FellBehind: Error {}

    /// The answer has no end, and its connection is closed.
    struct BrokenOff: Error {}

    /// What is done for a reader that is cut.
    struct Farewell: Sendable {
        /// How long it has for what is said to it in the end.
        var time: Duration
        /// Called before it is cut, for whatever reason.
        var onCut: @Sendable () -> Void
    }

    /// The header fields of an answer with server-sent events.
    static let headers: HTTPFields = [
        .contentType: "text/event-stream", .cacheControl: "no-store", .accelBuffering: "no",
    ]

    private var outlet: Outlet
    private let channel: any Channel
    private let limits: StreamLimits
    private let time: EngineTime
    private let tally: StreamTally
    private let job: JobID
    private let logger: Logger
    private let farewell: Farewell?
    private var watch: ReaderWatch
    private var log: ObjectIdentifier?

    /// Makes a stream of what is written to `writer`, which writes to `channel`, and tells of `job`.
    ///
    /// Without a `farewell` a reader that does not keep up is not told.
    init(
        _ writer: any ResponseBodyWriter,
        _ channel: any Channel,
        _ limits: StreamLimits,
        _ time: EngineTime,
        _ tally: StreamTally,
        of job: JobID,
        logger: Logger,
        farewell: Farewell? = nil
    ) {
        self.tally = tally
        self.farewell = farewell
        outlet = Outlet(writer: writer)
        self.channel = channel
        self.limits = limits
        self.time = time
        self.job = job
        self.logger = logger
        watch = ReaderWatch(limits)
    }

    /// Writes `bytes`; returns when the connection has taken them.
    ///
    /// - Parameters:
    ///   - bytes: any number of them.
    ///   - log: the log that they tell of, so that it is seen when it runs away from the reader.
    ///   - place: how far in that log they tell.
    ///   - whenHanded: called for each part of them that is on its way.
    /// - Throws: what the connection fails with, one that was cut included; ``FellBehind`` for a reader that can be told.
    mutating func write(
        _ bytes: [UInt8],
        of log: JobLog? = nil,
        upTo place: Int = 0,
        whenHanded: () -> Void = {}
    ) async throws {
        note(log, place)
        var rest = ByteBuffer(bytes: bytes)
        while let piece = rest.readSlice(length: min(limits.pieceBytes, rest.readableBytes)), piece.readableBytes > 0 {
            if channel.isWritable {
                try await outlet.writer.write(piece)
            } else {
                try await write(piece, watching: log, place)
            }
            tally.note(bytes: piece.readableBytes)
            whenHanded()
        }
    }

    /// Ends the answer in an orderly way, which says that it is whole.
    ///
    /// - Throws: what the connection fails with.
    consuming func finish() async throws {
        try await outlet.writer.finish(nil)
    }

    /// Ends the answer in an orderly way behind `bytes`, which say themselves how it went.
    ///
    /// `whenHanded` is called once they are on their way.
    ///
    /// - Throws: what the connection fails with.
    consuming func finish(with bytes: [UInt8], whenHanded: () -> Void) async throws {
        try await write(bytes)
        whenHanded()
        try await finish()
    }

    /// Tells what was held back of an answer that is stored, and ends it.
    ///
    /// `whenHanded` is called once the first of it is on its way: from then on its reader has got the answer.
    ///
    /// - Throws: what the connection fails with.
    consuming func finish(
        _ telling: AnswerTelling?,
        _ writer: any EntryWriter,
        whenHanded: () -> Void
    ) async throws {
        var (telling, writer) = (telling, writer)
        var text: [UInt8] = []
        while let piece = telling?.rest() {
            writer.append(piece, to: &text)
            guard text.count >= limits.pieceBytes else { continue }
            // The log has ended, and can't run away from its reader any more.
            try await write(text, whenHanded: whenHanded)
            text = []
        }
        try await write(text + writer.terminalMark, whenHanded: whenHanded)
        try await finish()
        // Where nothing at all was to be said.
        whenHanded()
    }

    private mutating func note(_ log: JobLog?, _ place: Int) {
        let name = log.map { ObjectIdentifier($0) }
        if name != self.log {
            self.log = name
            watch.startAnew()
        }
        if let log { watch.note(behind: log.count - place) }
    }

    /// Writes the last that its reader gets of an answer that is not whole, and closes the connection without the end of the
    /// answer: clients take an orderly end for success, whatever they were told before.
    ///
    /// `whenHanded` is called once the last is on its way.
    ///
    /// - Throws: always, so that nothing else is answered on the connection: ``BrokenOff``, or what the connection fails with.
    consuming func breakOff(with bytes: [UInt8], whenHanded: () -> Void) async throws {
        guard Promise.brokenOffUnended.holds else {
            try await outlet.writer.write(ByteBuffer(bytes: bytes))
            try await outlet.writer.finish(nil)
            return whenHanded()
        }
        let (channel, time, patience) = (channel, time, farewell?.time ?? limits.stallTime)
        try await withThrowingTaskGroup(of: Void.self) { [outlet] group in
            var outlet = outlet
            group.addTask {
                try await time.sleep(patience)
                channel.close(promise: nil)
            }
            defer { group.cancelAll() }
            try await outlet.writer.write(ByteBuffer(bytes: bytes))
            whenHanded()
            do { try await channel.triggerUserOutboundEvent(BreakOff()).get() } catch { channel.close(promise: nil) }
            // The patience above ends with the task, and the peer may take nothing.
            try await withTaskCancellationHandler {
                try await channel.closeFuture.get()
            } onCancel: {
                channel.eventLoop.scheduleTask(in: TimeAmount(patience)) { channel.close(promise: nil) }
            }
        }
        throw BrokenOff()
    }

    /// Writes to a connection that takes no more for now.
    private mutating func write(_ piece: ByteBuffer, watching log: JobLog?, _ place: Int) async throws {
        let watchman = Watchman(
            channel: channel,
            log: log,
            place: place,
            time: time,
            job: job,
            logger: logger,
            farewell: farewell
        )
        try await withThrowingTaskGroup(of: Void.self) { [watch] group in
            group.addTask { await watchman.look(watch) }
            defer { group.cancelAll() }
            try await outlet.writer.write(piece)
        }
        if watchman.isBehind.load(ordering: .relaxed) { throw FellBehind() }
    }
}

/// The writer of one answer.
///
/// Unchecked because the protocol does not say what holds: one task at a time writes an answer, and what the connection's
/// own writer consists of may go from thread to thread.
private struct Outlet: @unchecked Sendable {
    var writer: any ResponseBodyWriter
}

/// Looks at a reader for as long as a write waits for it.
private final class Watchman: Sendable {
    let channel: any Channel
    let log: JobLog?
    let place: Int
    let time: EngineTime
    let job: JobID
    let logger: Logger
    let farewell: EventStream.Farewell?
    /// Set where the reader has fallen behind, and has a moment left.
    let isBehind = Atomic(false)

    init(
        channel: any Channel,
        log: JobLog?,
        place: Int,
        time: EngineTime,
        job: JobID,
        logger: Logger,
        farewell: EventStream.Farewell?
    ) {
        self.channel = channel
        self.log = log
        self.place = place
        self.time = time
        self.job = job
        self.logger = logger
        self.farewell = farewell
    }

    /// Returns when the task is cancelled, or when the reader was cut.
    func look(_ watch: ReaderWatch) async {
        var watch = watch
        while !Task.isCancelled {
            let waiting = try? await channel.getOption(.bufferedWritableBytes).get()
            let now = time.uptime()
            let verdict = watch.look(behind: log.map { $0.count - place } ?? 0, waiting: waiting ?? 0, at: now)
            guard verdict == .keepsUp else { return await cut(verdict) }
            await pause(watch, until: watch.nextLook(after: now))
        }
    }

    private func pause(_ watch: ReaderWatch, until moment: Duration) async {
        if let log, !log.isClosed {
            await log.wait(past: place + watch.mostBehind, until: moment, time)
        } else {
            try? await time.sleep(moment - time.uptime())
        }
    }

    private func cut(_ verdict: ReaderWatch.Verdict) async {
        logger.debug("a reader was cut", metadata: ["job": "\(job)", "reason": "\(verdict)"])
        farewell?.onCut()
        if verdict == .fallsBehind, let farewell {
            isBehind.store(true, ordering: .relaxed)
            // Until then the write under way may still end.
            do { try await time.sleep(farewell.time) } catch { return }
        }
        channel.close(promise: nil)
    }
}
