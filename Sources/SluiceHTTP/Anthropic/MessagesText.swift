import SluiceEngine
import SluiceTypes

/// Writes a stream as Anthropic does: each of the provider's events with its name, as it came.
///
/// Source: Anthropic's guide "Streaming Messages".
struct MessagesText: EntryWriter {
    /// Ours, for an error that no provider told.
    let requestID: String
    /// True once the provider's own last event was written.
    private var isOver = false

    init(requestID: String) {
        self.requestID = requestID
    }

    mutating func append(_ entry: LogEntry, to text: inout [UInt8]) {
        switch entry.kind {
        case .upstream, .terminal:
            isOver = entry.kind == .terminal
            ServerSentEvent.append(entry.payload, named: entry.name, to: &text)
        case .start, .text, .usage, .finish, .error: break
        }
    }

    /// The event for a provider that ended without it, behind a reason.
    var terminalMark: [UInt8] { isOver ? [] : MessagesText.stop }

    private static let stop = event("message_stop", #"{"type":"message_stop"}"#.utf8)

    /// Comments don't count with clients that time events.
    var keepAlive: [UInt8] { Promise.silenceByEvents.holds ? MessagesText.ping : ServerSentEvent.comment }

    private static let ping = event("ping", #"{"type": "ping"}"#.utf8)

    func broken(by error: CallError, isFinal: Bool) -> [UInt8] {
        MessagesText.event("error", AnthropicEnvelope.data(error, requestID: requestID))
    }

    private static func event(_ name: String, _ data: some Collection<UInt8>) -> [UInt8] {
        var text: [UInt8] = []
        ServerSentEvent.append(data, named: Array(name.utf8)[...], to: &text)
        return text
    }
}
