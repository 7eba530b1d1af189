import SluiceJSON
public import SluiceProvider
public import SluiceTypes

/// Reads one answer in OpenAI's wire format, plain or streamed, a chat's, a completion's or an embedding's.
public struct OpenAIExchange: Exchange {
    private let operation: Operation
    private let expectsStream: Bool
    private let finishesAtMark: Bool
    private var intake: AnswerIntake
    private var decoder = SSEDecoder()
    private var isOver = false
    private var hasStarted = false
    /// A stream that nobody asked for, put together.
    private var whole: OpenAIWhole?
    private var choices: OpenAIChoices
    /// Why the model stopped, once every choice says so.
    private var finish: FinishReason?
    /// How far the stream is.
    private var stage = ReplyStage.preamble
    private var usage: Usage?
    /// Whether content has come since that was told.
    private var isUsageStale = false

    /// Creates a reader of the answer to a request that asked for a stream, or did not; embeddings never stream.
    ///
    /// A stream is not over before as many `choices` are finished as were asked for, or its mark says that there are no more.
    /// With `finishesAtMark` the mark behind content is the finish of a provider that never gives a reason.
    public init(operation: Operation, stream: Bool, choices: Int = 1, finishesAtMark: Bool = false) {
        self.operation = operation
        self.finishesAtMark = finishesAtMark
        expectsStream = stream && operation != .embedding
        intake = AnswerIntake(mayStream: operation != .embedding)
        self.choices = OpenAIChoices(expected: choices)
    }

    /// Notes the status, and what the answer calls itself.
    public mutating func begin(_ head: ResponseHead) -> [ReplyEvent] {
        intake.begin(head)
        return OpenAIFields.events(in: head)
    }

    /// Takes more of the body.
    public mutating func feed(_ chunk: [UInt8], last: Bool) -> [ReplyEvent] {
        guard !isOver else { return [] }
        switch intake.take(chunk, last: last) {
        case .nothing: return []
        case .stream(let bytes): return feedStream(bytes, last: last)
        case .object(let body): return plainAnswer(body)
        case .refusal(let status, let body): return [.error(OpenAIErrorReader.classify(status: status, body: body))]
        }
    }

    /// The status line of a refusal has said what matters; only the provider's sentence was cut.
    public mutating func breakOff() -> [ReplyEvent] {
        intake.breakOff().map { [.error(OpenAIErrorReader.classify(status: $0, body: []))] } ?? []
    }
}

// MARK: Plain answers

extension OpenAIExchange {
    private func plainAnswer(_ body: [UInt8]) -> [ReplyEvent] {
        let root: JSONValue
        do throws(ProviderError) { root = try PlainAnswer.document(body).root } catch { return [.error(error)] }
        if let error = OpenAIErrorReader.inAnswer(root, body: body) {
            let choices = OpenAIChoice.all(inPlain: root, of: operation)
            return [.error(OpenAIExchange.noted(error, isAfterContent: choices.contains(where: \.hasContent)))]
        }
        return operation == .embedding ? embeddings(root, body) : message(root, body)
    }

    private func message(_ root: JSONValue, _ body: [UInt8]) -> [ReplyEvent] {
        let choices = OpenAIChoice.all(inPlain: root, of: operation)
        guard let choice = choices.first(where: { $0.index == 0 }) ?? choices.first else {
            return [ReplyEvent.malformed("The provider's answer holds no choice with a message or text.")]
        }
        if let error = choices.lazy.compactMap(\.breakOff).first {
            return [.error(OpenAIExchange.noted(error, isAfterContent: choices.contains(where: \.hasContent)))]
        }
        // One whole object is complete by its syntax, so a missing reason leaves nothing in doubt.
        let reason = choice.finishReason ?? .stop
        if reason == .filtered, !choices.contains(where: \.hasContent) {
            return [OpenAIExchange.contentFilter]
        }
        var joiner = SurrogateJoiner()
        return whole(root, body, text: joiner.take(choice.piece) + joiner.end(), reason: reason)
    }

    private func embeddings(_ root: JSONValue, _ body: [UInt8]) -> [ReplyEvent] {
        guard OpenAIEmbeddings.areWhole(root) else {
            return [ReplyEvent.malformed("The provider's answer holds no embeddings, or an element without one.")]
        }
        return whole(root, body, text: "", reason: .stop)
    }

    private func whole(_ root: JSONValue, _ body: [UInt8], text: String, reason: FinishReason) -> [ReplyEvent] {
        var events: [ReplyEvent] = []
        events.reserveCapacity(5)
        events.append(.start(root))
        if !text.isEmpty { events.append(.text(text)) }
        let object = expectsStream && operation == .chat ? OpenAIChunk.of(root) : body
        events.append(.upstream(name: nil, object, .ending))
        if let usage = Usage(openAI: root[key: "usage"], in: root) { events.append(.usage(usage)) }
        events.append(reason.event)
        return events
    }
}

// MARK: Streams

extension OpenAIExchange {
    private mutating func feedStream(_ chunk: [UInt8], last: Bool) -> [ReplyEvent] {
        if !expectsStream, whole == nil { whole = OpenAIWhole(operation) }
        var events: [ReplyEvent] = []
        for event in decoder.feed(chunk) where !isOver { events += take(event) }
        if last, !isOver { events += endStream() }
        return events
    }

    private mutating func endStream() -> [ReplyEvent] {
        var events: [ReplyEvent] = []
        if let event = decoder.finish() {
            events = take(event)
            // Behind the finish only the usage and the terminal mark can be cut off: the answer itself is whole.
            if finish != nil, case .error(let error)? = events.last, error.errorClass == .malformedResponse {
                events = []
                isOver = false
            }
        }
        guard !isOver else { return events }
        isOver = true
        if !hasStarted {
            events.append(ReplyEvent.malformed("The provider's stream holds no chunk of an answer."))
        }
        return events + putTogether()
    }

    /// The object that a stream which nobody asked for comes to; nothing for one that was, and for one without a finish.
    private func putTogether() -> [ReplyEvent] {
        guard let whole, let finish else { return [] }
        return [.upstream(name: nil, whole.object(reason: finish.word), .ending)]
    }

    private mutating func take(_ event: SSEDecoder.Event) -> [ReplyEvent] {
        let data = event.data
        let text = data.drop { $0 == UInt8(ascii: " ") }
        // Some providers keep a connection alive by events that hold nothing.
        guard !text.isEmpty else { return [] }
        guard !text.starts(with: "[DONE]".utf8) else { return mark(data) }
        let root: JSONValue
        do throws(JSONError) {
            root = try Document(indexing: data, limits: AnswerLimits.json).root
        } catch {
            return [fail(ReplyEvent.malformed("A chunk of the provider's stream is not JSON: \(error)."))]
        }
        guard root.kind == .object else {
            return [fail(ReplyEvent.malformed("A chunk of the provider's stream is not an object."))]
        }
        if event.name == "error" { return [fail(.error(OpenAIErrorReader.failure(root, body: data)))] }
        if let error = OpenAIErrorReader.inAnswer(root, body: data) { return [fail(.error(error))] }
        return chunk(root, data)
    }

    /// The provider says that its stream is over.
    private mutating func mark(_ data: [UInt8]) -> [ReplyEvent] {
        let end = conclude(atMark: true)
        if case .error? = end.last { return end }
        isOver = true
        return end + putTogether() + [.terminal(name: nil, data)]
    }

    private mutating func chunk(_ root: JSONValue, _ data: [UInt8]) -> [ReplyEvent] {
        var events: [ReplyEvent] = []
        if !hasStarted { events.append(ReplyEvent.start(root)) }
        hasStarted = true
        var text = ""
        var hasContent = false
        if !OpenAIExchange.isKnown(root) { stage = max(stage, .content) }
        for choice in OpenAIChoice.all(inChunk: root, of: operation) {
            text += choices.take(choice)
            stage = max(stage, choice.stage)
            if choice.stage == .content { hasContent = true }
            if let error = choice.breakOff { return events + [fail(.error(error))] }
        }
        let end = conclude(atMark: false)
        if case .error? = end.last { return events + end }
        if !text.isEmpty { events.append(.text(text)) }
        if whole == nil { events.append(.upstream(name: nil, data, stage)) } else { whole?.take(root) }
        // What is said once more behind content is said of that as well.
        if let counted = Usage(openAI: root[key: "usage"], in: root) {
            if counted != usage || isUsageStale { events.append(.usage(counted)) }
            usage = counted
            isUsageStale = false
        } else if hasContent {
            isUsageStale = true
        }
        return events + end
    }

    /// Whether an event is one of the dialect's, which says itself how far the answer is; what nobody here knows may be a part
    /// of it.
    private static func isKnown(_ root: JSONValue) -> Bool {
        if root[key: "type"]?.string == "ping" { return true }
        guard let choices = root[key: "choices"], choices.kind == .array else { return false }
        return choices[0] != nil || root[key: "usage"].map(\.isNull) ?? true
    }

    /// The finish, once every choice has one; an error where the filter has let nothing of them through.
    private mutating func conclude(atMark: Bool) -> [ReplyEvent] {
        guard finish == nil, let reason = reason(atMark: atMark) else { return [] }
        finish = reason
        if reason == .filtered, !choices.hasContent { return [fail(OpenAIExchange.contentFilter)] }
        let rest = choices.endText()
        return (rest.isEmpty ? [] : [.text(rest)]) + [reason.event]
    }

    private func reason(atMark: Bool) -> FinishReason? {
        if let reason = choices.reason(atMark: atMark) { return reason }
        return atMark && finishesAtMark && choices.hasContent ? .stop : nil
    }

    private mutating func fail(_ event: ReplyEvent) -> ReplyEvent {
        isOver = true
        guard case .error(let error) = event else { return event }
        return .error(OpenAIExchange.noted(error, isAfterContent: choices.hasContent))
    }
}

// MARK: What both share

extension OpenAIExchange {
    static let contentFilter = ReplyEvent.error(
        ProviderError(
            .contentFilter,
            "The provider's content filter let nothing of the answer through.",
            code: FinishReason.filtered.reason
        )
    )

    /// What the model had written before, somebody may have to pay for.
    static func noted(_ error: ProviderError, isAfterContent: Bool) -> ProviderError {
        var error = error
        error.isAfterContent = isAfterContent
        return error
    }

}
