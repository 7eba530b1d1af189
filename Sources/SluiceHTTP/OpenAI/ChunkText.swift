import SluiceDialects
import SluiceEngine
import SluiceTypes

/// Writes a stream as OpenAI does: `data:` alone, one event for each of the provider's chunks, as it came.
struct ChunkText: EntryWriter {
    /// True when the caller asked for the tokens used.
    var includesUsage: Bool
    /// What says that the stream is whole.
    var terminalMark: [UInt8]

    /// OpenAI's own.
    static let done = event("[DONE]".utf8)

    func append(_ entry: LogEntry, to text: inout [UInt8]) {
        switch entry.kind {
        case .upstream:
            let chunk = includesUsage ? entry.payload : OpenAIChunkUsage.strip(entry.payload)
            if let chunk { ServerSentEvent.append(chunk, to: &text) }
        // The surface has its own, which stands behind answers of other dialects too.
        case .terminal: if !Promise.doneAfterCommit.holds { ServerSentEvent.append(entry.payload, to: &text) }
        case .start, .text, .usage, .finish, .error: break
        }
    }

    /// An error in the place of a chunk: the SDKs raise it.
    static func error(_ error: OpenAIError) -> [UInt8] {
        event(error.event)
    }

    private static func event(_ data: some Collection<UInt8>) -> [UInt8] {
        var text: [UInt8] = []
        ServerSentEvent.append(data, to: &text)
        return text
    }
}

extension OpenAIError {
    /// What the caller of a stream is told that has begun; nil for a success.
    init?(_ end: CallEnd) {
        switch end {
        case .succeeded: return nil
        case .failed(let failure): self.init(failure)
        case .cancelled(let isCharged): self = .cancelled(possiblyCharged: isCharged)
        // None of these is the end of a stream that has begun.
        case .notStored, .replayed, .keyReused, .noParent: self = .cancelled(possiblyCharged: false)
        }
    }

    static func cancelled(possiblyCharged: Bool) -> OpenAIError {
        OpenAIError(CallFailure(.cancelled, ErrorClass.cancelled.sentence, possiblyCharged: possiblyCharged))
    }
}
