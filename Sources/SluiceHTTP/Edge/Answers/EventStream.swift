import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import SluiceEngine

/// One answer in pieces, for a reader that may be slow.
///
/// Each piece waits until the connection takes it. A reader that does not keep up is cut: its connection is closed, and
/// the write under way fails. Neither the log nor its other readers notice.
struct EventStream {
    /// The header fields of an answer with server-sent events.
    static let headers: HTTPFields = [
        .contentType: "text/event-stream", .cacheControl: "no-store", .accelBuffering: "no",
    ]

    private var outlet: Outlet
    private let channel: any Channel
    private let limits: StreamLimits
    private let time: EngineTime
    private let logger: Logger
    private var watch: ReaderWatch
    private var log: ObjectIdentifier?

    /// Makes a stream of what is written to `writer`, which writes to `channel`.
    init(
        _ writer: any ResponseBodyWriter,
        _ channel: any Channel,
        _ limits: StreamLimits,
        _ time: EngineTime,
        logger: Logger
    ) {
        outlet = Outlet(writer: writer)
        self.channel = channel
        self.limits = limits
        self.time = time
        self.logger = logger
        watch = ReaderWatch(limits)
    }

    /// Writes `bytes`; returns when the connection has taken them.
    ///
    /// - Parameters:
    ///   - bytes: any number of them.
    ///   - log: the log that they tell of, so that it is seen when it runs away from the reader.
    ///   - place: how far in that log they tell.
    /// - Throws: what the connection fails with, one that was cut included.
    mutating func write(_ bytes: [UInt8], of log: JobLog? = nil, upTo place: Int = 0) async throws {
        note(log, place)
        var rest = ByteBuffer(bytes: bytes)
        while let piece = rest.readSlice(length: min(limits.pieceBytes, rest.readableBytes)), piece.readableBytes > 0 {
            if channel.isWritable {
                try await outlet.writer.write(piece)
            } else {
                try await write(piece, watching: log, place)
            }
        }
    }

    /// Ends the answer in an orderly way.
    ///
    /// - Throws: what the connection fails with.
    consuming func finish() async throws {
        try await outlet.writer.finish(nil)
    }

    private mutating func note(_ log: JobLog?, _ place: Int) {
        let name = log.map { ObjectIdentifier($0) }
        if name != self.log {
            self.log = name
            watch.startAnew()
        }
        if let log { watch.note(behind: log.count - place) }
    }

    /// Writes to a connection that takes no more for now.
    private mutating func write(_ piece: ByteBuffer, watching log: JobLog?, _ place: Int) async throws {
        let watchman = Watchman(channel: channel, log: log, place: place, time: time, logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { [watch] group in
            group.addTask { await watchman.look(watch) }
            defer { group.cancelAll() }
            try await outlet.writer.write(piece)
        }
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
private struct Watchman: Sendable {
    let channel: any Channel
    let log: JobLog?
    let place: Int
    let time: EngineTime
    let logger: Logger

    /// Returns when the task is cancelled, or when the reader was cut.
    func look(_ watch: ReaderWatch) async {
        var watch = watch
        while !Task.isCancelled {
            let waiting = try? await channel.getOption(.bufferedWritableBytes).get()
            let now = time.uptime()
            let verdict = watch.look(behind: log.map { $0.count - place } ?? 0, waiting: waiting ?? 0, at: now)
            guard verdict == .keepsUp else { return cut(verdict) }
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

    private func cut(_ verdict: ReaderWatch.Verdict) {
        logger.debug("a reader was cut", metadata: ["reason": "\(verdict)"])
        channel.close(promise: nil)
    }
}
