import SluiceJSON
public import SluiceProvider
import SluiceTypes

/// Reads one answer of OpenAI's Responses, plain or streamed.
///
/// Source: the API reference of OpenAI, "Responses", "The response object" and "Streaming events".
public struct ResponsesExchange: Exchange {
    private enum Phase {
        /// What it is, its first bytes will tell.
        case beginning
        case plain
        case stream
        case failure
        case over
    }

    private let expectsStream: Bool
    private var phase = Phase.beginning
    /// Whether the answer calls itself a stream of events.
    private var isDeclaredStream = false
    private var status = 0
    private var body: [UInt8] = []
    private var stream: ResponsesStream

    /// Creates a reader of the answer to a request that asked for a stream, or did not.
    public init(stream: Bool) {
        expectsStream = stream
        self.stream = ResponsesStream(isWanted: stream)
    }

    /// Notes the status, and what the answer calls itself.
    public mutating func begin(_ head: ResponseHead) -> [ReplyEvent] {
        status = head.status
        isDeclaredStream = head["content-type"]?.lowercased().hasPrefix("text/event-stream") ?? false
        if !(200...299).contains(status) { phase = .failure }
        return OpenAILimits.events(in: head)
    }

    /// Takes more of the body.
    public mutating func feed(_ chunk: [UInt8], last: Bool) -> [ReplyEvent] {
        switch phase {
        case .over: return []
        case .beginning: return feedBeginning(chunk, last: last)
        case .stream: return stream.feed(chunk, last: last)
        case .plain:
            body += chunk
            guard last else { return [] }
            phase = .over
            return plainAnswer()
        case .failure:
            body += chunk.prefix(OpenAIExchange.errorBodyLimit - body.count)
            guard last else { return [] }
            phase = .over
            return [.error(OpenAIErrorReader.classify(status: status, body: body))]
        }
    }

    /// The status line of a refusal has said what matters; only the provider's sentence was cut.
    public mutating func breakOff() -> [ReplyEvent] {
        guard phase == .failure else { return [] }
        phase = .over
        return [.error(OpenAIErrorReader.classify(status: status, body: []))]
    }

    /// Finds out whether a stream or one object comes, whatever was asked for.
    private mutating func feedBeginning(_ chunk: [UInt8], last: Bool) -> [ReplyEvent] {
        body += chunk
        switch AnswerForm.of(body, isDeclared: isDeclaredStream) {
        case .stream:
            phase = .stream
            let beginning = Array(AnswerForm.visible(body))
            body = []
            return feed(beginning, last: last)
        case .object: phase = .plain
        case nil where last: phase = .plain
        case nil: return []
        }
        return feed([], last: last)
    }
}

// MARK: Plain answers

extension ResponsesExchange {
    private mutating func plainAnswer() -> [ReplyEvent] {
        body = Array(AnswerForm.withoutMark(body))
        guard let first = AnswerForm.visible(body).first else {
            return [OpenAIExchange.malformed("The provider's answer is empty.")]
        }
        let document: Document
        do throws(JSONError) {
            document = try Document(indexing: body, limits: OpenAIExchange.limits)
        } catch {
            let fault = first == UInt8(ascii: "<") ? "an HTML page, not JSON" : "not JSON: \(error)"
            return [OpenAIExchange.malformed("The provider's answer is \(fault).")]
        }
        return response(document)
    }

    private func response(_ document: Document) -> [ReplyEvent] {
        let root = document.root
        if let error = OpenAIErrorReader.inAnswer(root, body: body) { return failed(root, error) }
        guard let output = root[key: "output"], output.kind == .array else {
            return root[key: "status"]?.string == "failed"
                ? failed(root, ResponsesFinish.error(of: root, body: body))
                : [OpenAIExchange.malformed("The provider's answer holds no output of a response.")]
        }
        let items = ResponsesItems(output)
        switch ResponsesFinish.end(of: root, leavesCalls: items.leavesCalls) {
        case .failed: return failed(root, ResponsesFinish.error(of: root, body: body))
        case .open(let status):
            return usage(root)
                + [
                    OpenAIExchange.malformed(
                        "The provider's answer is a response that has not ended: its status is \(status)."
                    )
                ]
        case .finished(ResponsesFinish.filtered) where items.isEmpty:
            return usage(root) + [OpenAIExchange.contentFilter]
        case .finished(let reason): return whole(document, reason: reason)
        }
    }

    private func whole(_ document: Document, reason: String) -> [ReplyEvent] {
        let root = document.root
        let id = root[key: "id"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        let start = ReplyEvent.start(upstreamID: id, model: root[key: "model"]?.string)
        let text = ResponsesItems.text(of: root[key: "output"]?.elements ?? [])
        let said = text.isEmpty ? [] : [ReplyEvent.text(text)]
        let end = usage(root) + [.finish(reason: reason)]
        guard expectsStream else { return [start] + said + [.upstream(name: nil, body, .ending)] + end }
        let events = ResponsesUnfolding(document).events
        let preamble = events.prefix(1).map { ReplyEvent.upstream(name: $0.name, $0.data, .preamble) }
        let content = events.dropFirst().dropLast().map { ReplyEvent.upstream(name: $0.name, $0.data, .content) }
        let terminal = events.suffix(1).map { ReplyEvent.terminal(name: $0.name, $0.data) }
        return [start] + preamble + said + content + end + terminal
    }

    private func usage(_ root: JSONValue) -> [ReplyEvent] {
        let searches = ResponsesItems(root[key: "output"]).webSearches
        return Usage(response: root, webSearches: searches).map { [.usage($0)] } ?? []
    }

    private func failed(_ root: JSONValue, _ error: ProviderError) -> [ReplyEvent] {
        let hasContent = root[key: "output"]?[0] != nil
        return usage(root) + [.error(OpenAIExchange.noted(error, isAfterContent: hasContent))]
    }
}
