import SluiceJSON
import SluiceProvider
import SluiceTypes
import Synchronization

/// The events of one running attempt in order: one copy for all who read it, kept until the attempt is settled.
///
/// Each event is a line of JSON; a reader's place is a byte offset, so that it can leave and come back. The attempt never
/// waits for a reader.
package final class JobLog: Sendable {
    fileprivate struct State {
        var bytes: [UInt8] = []
        var isClosed = false
        var readers: [CheckedContinuation<Void, Never>] = []
    }

    /// The epoch of the attempt.
    package let epoch: Int64
    private let state = Mutex(State())

    package init(epoch: Int64) {
        self.epoch = epoch
    }

    /// Adds an event and wakes the readers.
    func append(_ event: ReplyEvent) {
        guard let line = JobLog.line(for: event) else { return }
        let readers = state.withLock { state in
            state.bytes += line
            return state.takeReaders()
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

    /// What has been written so far.
    package var bytes: [UInt8] { state.withLock { $0.bytes } }

    /// What was written from `offset` on, as soon as there is any; nil when the log is closed and was read to its end.
    package func read(from offset: Int) async -> ArraySlice<UInt8>? {
        while true {
            let (piece, isClosed) = state.withLock { ($0.bytes.dropFirst(offset), $0.isClosed) }
            if !piece.isEmpty { return piece }
            if isClosed || Task.isCancelled { return nil }
            await next(after: offset)
        }
    }

    private func next(after offset: Int) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { (reader: CheckedContinuation<Void, Never>) in
                let resumeNow = state.withLock { state in
                    if state.bytes.count > offset || state.isClosed || Task.isCancelled { return true }
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

    /// A plain answer's raw object is the stored result itself and is not written a second time.
    private static func line(for event: ReplyEvent) -> [UInt8]? {
        var line = JSONWriter.bytes { writer in
            writer.object { object in
                switch event {
                case .start(let id): object.member("start", id)
                case .textDelta(let piece): object.member("delta", piece)
                case .raw: break
                case .usage(let usage):
                    object.member(
                        "usage",
                        object: { count in
                            count.member("promptTokens", usage.promptTokens)
                            count.member("completionTokens", usage.completionTokens)
                            count.member("totalTokens", usage.totalTokens)
                        }
                    )
                case .finish(let reason): object.member("finish", reason)
                case .done: break
                case .error(let error): object.member("error", error.errorClass.rawValue)
                }
            }
        }
        guard line.count > 2 else { return nil }
        line.append(UInt8(ascii: "\n"))
        return line
    }
}

extension JobLog.State {
    fileprivate mutating func takeReaders() -> [CheckedContinuation<Void, Never>] {
        defer { readers = [] }
        return readers
    }
}
