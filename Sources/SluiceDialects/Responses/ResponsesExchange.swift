import SluiceJSON
public import SluiceProvider
import SluiceTypes

/// Reads one answer of OpenAI's Responses, plain or streamed, or a compaction.
///
/// Source: the API reference of OpenAI, "Responses", "The response object", "Streaming events" and "The compacted response object".
public struct ResponsesExchange: Exchange {
    private let expectsStream: Bool
    private let isCompaction: Bool
    private var intake = AnswerIntake()
    private var stream: ResponsesStream

    /// Creates a reader of the answer to a request that asked for a stream, or did not; or that asked for a compaction, which is never
    /// streamed.
    public init(stream: Bool, isCompaction: Bool = false) {
        expectsStream = stream
        self.isCompaction = isCompaction
        self.stream = ResponsesStream(isWanted: stream)
    }

    /// Notes the status, and what the answer calls itself.
    public mutating func begin(_ head: ResponseHead) -> [ReplyEvent] {
        intake.begin(head)
        return OpenAIFields.events(in: head, ofResponses: true)
    }

    /// Takes more of the body.
    public mutating func feed(_ chunk: [UInt8], last: Bool) -> [ReplyEvent] {
        switch intake.take(chunk, last: last) {
        case .nothing: []
        case .stream(let bytes): stream.feed(bytes, last: last)
        case .object(let body): plainAnswer(body)
        case .refusal(let status, let body): [.error(error(status, body))]
        }
    }

    /// A provider that answers, but has no compactions, is no worse for all other requests.
    private func error(_ status: Int, _ body: [UInt8]) -> ProviderError {
        let error = OpenAIErrorReader.classify(status: status, body: body)
        guard isCompaction, ResponsesExchange.unknownPath.contains(status),
            error.errorClass == .misconfigured || error.errorClass == .server
        else { return error }
        return ProviderError(
            .invalidRequest,
            "The provider makes no compactions: it has nothing at this path.",
            code: "unsupported"
        )
    }

    private static let unknownPath = [404, 405, 501]

    /// The status line of a refusal has said what matters; only the provider's sentence was cut.
    public mutating func breakOff() -> [ReplyEvent] {
        intake.breakOff().map { [.error(error($0, []))] } ?? []
    }
}

// MARK: Plain answers

extension ResponsesExchange {
    private func plainAnswer(_ body: [UInt8]) -> [ReplyEvent] {
        do throws(ProviderError) { return response(try PlainAnswer.document(body)) } catch { return [.error(error)] }
    }

    private func response(_ document: Document) -> [ReplyEvent] {
        let (root, body) = (document.root, document.bytes)
        if let error = OpenAIErrorReader.inAnswer(root, body: body) { return failed(root, error) }
        guard let output = root[key: "output"], output.kind == .array else {
            return root[key: "status"]?.string == "failed"
                ? failed(root, ResponsesFinish.error(of: root, body: body))
                : [ReplyEvent.malformed("The provider's answer holds no output of a response.")]
        }
        let items = ResponsesItems(output)
        switch ResponsesFinish.end(of: root, leavesCalls: !isCompaction && items.leavesCalls) {
        case .failed: return failed(root, ResponsesFinish.error(of: root, body: body))
        case .open(let status):
            return usage(root)
                + [
                    ReplyEvent.malformed(
                        "The provider's answer is a response that has not ended: its status is \(status)."
                    )
                ]
        case .finished(.filtered) where items.isEmpty:
            return usage(root) + [OpenAIExchange.contentFilter]
        case .finished(let reason): return whole(document, reason: reason)
        }
    }

    private func whole(_ document: Document, reason: FinishReason) -> [ReplyEvent] {
        let root = document.root
        let start = ReplyEvent.start(root)
        let text = ResponsesItems.text(of: root[key: "output"]?.elements ?? [])
        let said = text.isEmpty ? [] : [ReplyEvent.text(text)]
        let end = usage(root) + [reason.event]
        guard expectsStream else { return [start] + said + [.upstream(name: nil, document.bytes, .ending)] + end }
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
