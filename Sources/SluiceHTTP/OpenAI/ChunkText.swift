import SluiceDialects
import SluiceEngine
import SluiceJSON
import SluiceTypes

/// Writes a stream as OpenAI does: `data:` alone, one event for each of the provider's chunks.
struct ChunkText {
    /// True when the caller asked for the tokens used.
    var includesUsage: Bool

    static let done = event("[DONE]".utf8)

    /// The chunks in a piece of a log, each as it came; the terminal mark waits for the commit.
    func chunks(_ piece: LogPiece) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(piece.bytes.count)
        for entry in LogEntries(piece) {
            switch entry.kind {
            case .upstream:
                let chunk = includesUsage ? entry.payload : OpenAIChunkUsage.strip(entry.payload)
                if let chunk { EventText.append(chunk, to: &text) }
            case .terminal: if !Promise.doneAfterCommit.holds { EventText.append(entry.payload, to: &text) }
            case .start, .text, .usage, .finish, .error: break
            }
        }
        return text
    }

    /// The terminal mark, which is said of a stored answer alone, or the error that stands in its place.
    static func end(_ end: CallEnd) -> [UInt8] {
        switch end {
        case .succeeded: done
        case .failed(let failure): error(OpenAIError(failure))
        case .cancelled(let isCharged): error(.cancelled(possiblyCharged: isCharged))
        // None of these is the end of a stream that has begun.
        case .notStored, .replayed, .keyReused: error(.cancelled(possiblyCharged: false))
        }
    }

    /// An error in the place of a chunk: the SDKs raise it.
    static func error(_ error: OpenAIError) -> [UInt8] {
        event(error.body)
    }

    private static func event(_ data: some Collection<UInt8>) -> [UInt8] {
        var text: [UInt8] = []
        EventText.append(data, to: &text)
        return text
    }
}

extension OpenAIError {
    static func cancelled(possiblyCharged: Bool) -> OpenAIError {
        OpenAIError(CallFailure(.cancelled, ErrorClass.cancelled.sentence, possiblyCharged: possiblyCharged))
    }
}
