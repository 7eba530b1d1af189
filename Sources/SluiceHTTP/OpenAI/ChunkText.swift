import SluiceDialects
import SluiceEngine
import SluiceTypes

/// Writes a stream as OpenAI does: `data:` alone, one event for each of the provider's chunks, as it came.
struct ChunkText: EntryWriter {
    /// True when the caller asked for the tokens used.
    var includesUsage: Bool

    /// OpenAI's own.
    private static let done = event("[DONE]".utf8)

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

    var terminalMark: [UInt8] { ChunkText.done }

    var keepAlive: [UInt8] { ServerSentEvent.comment }

    /// An error in the place of a chunk: the SDKs raise it.
    func broken(by error: CallError, isFinal: Bool) -> [UInt8] { ChunkText.event(OpenAIEnvelope.data(error)) }

    private static func event(_ data: some Collection<UInt8>) -> [UInt8] {
        var text: [UInt8] = []
        ServerSentEvent.append(data, to: &text)
        return text
    }
}
