import SluiceJSON
import SluiceProvider
import SluiceTypes
import Synchronization

/// The events of one running attempt in order: one copy for all who read it, kept until the attempt is settled.
///
/// A reader's place is a byte offset between two entries, so that it can leave and come back. The attempt never waits for
/// a reader.
package final class JobLog: Sendable {
    fileprivate struct State {
        var bytes: [UInt8] = []
        var isClosed = false
        var readers: [CheckedContinuation<Void, Never>] = []
    }

    /// The epoch of the attempt.
    package let epoch: Int64
    /// True for a stream, whose chunks are kept; a plain answer's object is the stored result itself and is not written
    /// a second time.
    private let keepsChunks: Bool
    private let state = Mutex(State())

    package init(epoch: Int64, keepsChunks: Bool) {
        self.epoch = epoch
        self.keepsChunks = keepsChunks
    }

    /// Adds events and wakes the readers.
    func append(_ events: [ReplyEvent]) {
        let readers = state.withLock { state in
            let count = state.bytes.count
            for event in events { write(event, to: &state.bytes) }
            return state.bytes.count > count ? state.takeReaders() : []
        }
        for reader in readers { reader.resume() }
    }

    /// Says that nothing more will come, and wakes the readers.
    func close() {
        let readers = state.withLock { state in
            state.isClosed = true
            return state.takeReaders()
        }
        for reader in readers { reader.resume() }
    }

    /// Makes the readers look again whether they should go on.
    package func wake() {
        for reader in state.withLock({ $0.takeReaders() }) { reader.resume() }
    }

    /// What has been written so far.
    package var bytes: [UInt8] { state.withLock { $0.bytes } }

    /// What was written from `offset` on, as soon as there is any; nil when the log is closed and was read to its end, when
    /// the task is cancelled, and when `isOver` says so after a ``wake()``.
    package func read(
        from offset: Int,
        unless isOver: @Sendable () -> Bool = { false }
    ) async -> ArraySlice<UInt8>? {
        while true {
            let (piece, isClosed) = state.withLock { ($0.bytes.dropFirst(offset), $0.isClosed) }
            if !piece.isEmpty { return piece }
            if isClosed || Task.isCancelled || isOver() { return nil }
            await next(after: offset, unless: isOver)
        }
    }

    private func next(after offset: Int, unless isOver: @Sendable () -> Bool) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { (reader: CheckedContinuation<Void, Never>) in
                let resumeNow = state.withLock { state in
                    if state.bytes.count > offset || state.isClosed || Task.isCancelled || isOver() { return true }
                    state.readers.append(reader)
                    return false
                }
                if resumeNow { reader.resume() }
            }
        } onCancel: {
            // Readers look again at what they waited for, so waking all of them is right, if not thrifty.
            for reader in state.withLock({ $0.takeReaders() }) { reader.resume() }
        }
    }

    private func write(_ event: ReplyEvent, to log: inout [UInt8]) {
        switch event {
        case .start(let id): LogEntry.append(.start, (id ?? "").utf8, to: &log)
        case .textDelta(let piece): LogEntry.append(.delta, piece.utf8, to: &log)
        case .raw(let object): if keepsChunks { LogEntry.append(.raw, object, to: &log) }
        case .usage(let usage): LogEntry.append(.usage, usage.json, to: &log)
        case .finish(let reason): LogEntry.append(.finish, reason.utf8, to: &log)
        case .done: break
        case .error(let error): LogEntry.append(.error, error.errorClass.rawValue.utf8, to: &log)
        }
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

extension JobLog.State {
    fileprivate mutating func takeReaders() -> [CheckedContinuation<Void, Never>] {
        defer { readers = [] }
        return readers
    }
}
