import SluiceDialects
import SluiceEngine
import SluiceJSON
import SluiceTypes

/// Writes a stream as OpenAI's Responses does: each of the provider's events with its name, as it came.
///
/// Source: the API reference of OpenAI, "Responses", "Streaming events".
struct ResponsesText: EntryWriter {
    private let response: ResponsesObject
    /// The response that the provider began, by its id and the moment at which it was made; nil before it did.
    private var begun: (id: String, createdAt: Int64)?
    /// The data of the event that was written last.
    private var last: ArraySlice<UInt8>?

    /// Its reader has the events up to this number; nil for one who has none.
    private let after: Int64?

    /// Writes what becomes of `response`, which the gateway tells itself where its provider says no more.
    init(_ response: ResponsesObject, after: Int64? = nil) {
        self.response = response
        self.after = after
    }

    mutating func append(_ entry: LogEntry, to text: inout [UInt8]) {
        switch entry.kind {
        case .upstream where isKnown(entry.payload): last = entry.payload
        case .upstream, .terminal:
            ServerSentEvent.append(entry.payload, named: entry.name, to: &text)
            last = entry.payload
            if begun == nil { note(entry) }
        case .start, .text, .usage, .finish, .error: break
        }
    }

    private func isKnown(_ data: ArraySlice<UInt8>) -> Bool {
        guard let after, let number = ResponsesRelabel.number(in: Array(data)) else { return false }
        return number <= after
    }

    /// Looks whether a response begins with an entry.
    private mutating func note(_ entry: LogEntry) {
        guard entry.name.elementsEqual("response.created".utf8),
            let response = (try? Document(indexing: Array(entry.payload)))?.root[key: "response"]
        else { return }
        begun = (response[key: "id"]?.string ?? "", response[key: "created_at"]?.integer ?? 0)
    }

    /// One of its events says it itself.
    var terminalMark: [UInt8] { [] }

    /// Clients time events; before a response has begun none is understood.
    var keepAlive: [UInt8] {
        begun == nil ? ServerSentEvent.comment : ResponsesText.text(of: [ResponsesObject.keepAlive(numbers)])
    }

    private var numbers: ResponsesNumbers {
        ResponsesNumbers(following: last.flatMap { ResponsesRelabel.number(in: Array($0)) })
    }

    /// A failure is an end like another, and what stands behind it is read only where the stream then ends in an orderly way.
    func endsInOrder(isFinal: Bool) -> Bool { isFinal }

    func broken(by error: CallError, isFinal: Bool) -> [UInt8] {
        if let own = error.ownInStream, ResponsesText.isFailure(own) {
            return ResponsesText.text(of: [SSEDecoder.Event(name: "response.failed", data: own)])
        }
        let told = begun.map { response.called($0.id, createdAt: $0.createdAt) } ?? response
        var numbers = numbers
        let code = ResponsesErrorCode(error.errorClass ?? .server, code: error.code)
        return ResponsesText.text(of: told.failed(code, error.message, hasBegun: begun != nil, &numbers))
    }

    /// Whether the provider's own words are the event already by which a response fails.
    private static func isFailure(_ data: [UInt8]) -> Bool {
        (try? Document(indexing: data))?.root[key: "type"]?.string == "response.failed"
    }

    private static func text(of events: [SSEDecoder.Event]) -> [UInt8] {
        var text: [UInt8] = []
        for event in events { ServerSentEvent.append(event, to: &text) }
        return text
    }
}
