import SluiceJSON
import SluiceProvider

/// One event of a response's stream.
///
/// Source: the API reference of OpenAI, "Responses", "Streaming events".
struct ResponsesEvent {
    /// What an event is to whoever waits for the answer.
    enum Kind {
        /// Nothing of the answer yet.
        case preamble
        /// A part of the answer: what nobody here knows may be one too.
        case content
        /// The answer is over; what it came to, the response in it tells.
        case end
        case failure
    }

    /// The name under which it goes on: its own, or else its type.
    let name: String?
    /// What it says it is.
    let type: String
    let root: JSONValue
    let data: [UInt8]

    init(_ root: JSONValue, _ event: SSEDecoder.Event) {
        let type = root[key: "type"]?.string
        let own = event.name.flatMap { $0.isEmpty ? nil : $0 }
        name = own ?? type
        self.type = type ?? own ?? ""
        self.root = root
        data = event.data
    }

    /// The response in it.
    var response: JSONValue? { root[key: "response"].flatMap { $0.kind == .object ? $0 : nil } }

    var kind: Kind {
        if name == "error" { return .failure }
        switch type {
        case "response.created", "response.queued", "response.in_progress", "keepalive", "response.keepalive", "ping":
            return .preamble
        // The third ends the streams of some gateways.
        case "response.completed", "response.incomplete", "response.done": return .end
        case "response.failed", "response.cancelled", "response.error", "error": return .failure
        // An error that says of itself only what it holds.
        default:
            return !type.hasPrefix("response.") && OpenAIErrorReader.inAnswer(root, body: data) != nil
                ? .failure : .content
        }
    }

    /// The error in it, for one that is a ``Kind/failure``.
    var error: ProviderError {
        if let response { return ResponsesFinish.error(of: response, body: data) }
        let status = (root[key: "status"] ?? root[key: "status_code"])?.integer.flatMap { Int(exactly: $0) }
        return ResponsesFinish.error(of: root, body: data, status: status)
    }
}
