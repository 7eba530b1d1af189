import SluiceDialects
import SluiceEngine
import SluiceJSON
import SluiceTypes

/// Writes a stream as OpenAI does: `data:` alone, one event for each of the provider's chunks.
struct ChunkText {
    /// True when the caller asked for the tokens used.
    var includesUsage: Bool
    /// What says that the stream is whole.
    var terminalMark: [UInt8]

    /// OpenAI's own.
    static let done = event("[DONE]".utf8)

    /// The chunks in a piece of a log, each as it came; the terminal mark waits for the commit.
    func chunks(_ piece: LogPiece) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(piece.bytes.count)
        for entry in LogEntries(piece) {
            switch entry.kind {
            case .upstream:
                let chunk = includesUsage ? entry.payload : OpenAIChunkUsage.strip(entry.payload)
                if let chunk { ServerSentEvent.append(chunk, to: &text) }
            case .terminal: if !Promise.doneAfterCommit.holds { ServerSentEvent.append(entry.payload, to: &text) }
            case .start, .text, .usage, .finish, .error: break
            }
        }
        return text
    }

    /// The terminal mark, which is said of a stored answer alone, or the error that stands in its place.
    func end(_ end: CallEnd) -> [UInt8] {
        switch end {
        case .succeeded: terminalMark
        case .failed(let failure): ChunkText.error(OpenAIError(failure))
        case .cancelled(let isCharged): ChunkText.error(.cancelled(possiblyCharged: isCharged))
        // None of these is the end of a stream that has begun.
        case .notStored, .replayed, .keyReused: ChunkText.error(.cancelled(possiblyCharged: false))
        }
    }

    /// An error in the place of a chunk: the SDKs raise it.
    static func error(_ error: OpenAIError) -> [UInt8] {
        event(error.reply.body)
    }

    private static func event(_ data: some Collection<UInt8>) -> [UInt8] {
        var text: [UInt8] = []
        ServerSentEvent.append(data, to: &text)
        return text
    }
}

extension OpenAIError {
    static func cancelled(possiblyCharged: Bool) -> OpenAIError {
        OpenAIError(CallFailure(.cancelled, ErrorClass.cancelled.sentence, possiblyCharged: possiblyCharged))
    }
}
