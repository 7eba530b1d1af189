import SluiceJSON
public import SluiceProvider
import SluiceTypes

/// Reads one answer in the format of Anthropic's Messages, plain or streamed.
public struct AnthropicExchange: Exchange {
    private let expectsStream: Bool
    private let finishesAtMark: Bool
    private var intake = AnswerIntake()
    private var decoder = SSEDecoder()
    private var isOver = false
    private var hasStarted = false
    /// The id of the message that is told, once one has begun.
    private var message: String?
    /// A stream that nobody asked for, put together.
    private var whole: AnthropicWhole?
    private var text = AnthropicText()
    private var hasContent = false
    /// How far the stream is.
    private var stage = ReplyStage.preamble
    private var usage = AnthropicUsage()
    private var counted: Usage?
    /// Whether content has come since that was told.
    private var isCountStale = false
    /// Why the model stopped, once it has.
    private var finish: FinishReason?

    /// Creates a reader of the answer to a request that asked for a stream, or did not.
    ///
    /// With `finishesAtMark` the mark behind content is the finish of a provider that never gives a reason.
    public init(stream: Bool, finishesAtMark: Bool = false) {
        expectsStream = stream
        self.finishesAtMark = finishesAtMark
    }

    /// Notes the status, and what the answer calls itself.
    public mutating func begin(_ head: ResponseHead) -> [ReplyEvent] {
        intake.begin(head)
        return AnthropicFields.events(in: head)
    }

    /// Takes more of the body.
    public mutating func feed(_ chunk: [UInt8], last: Bool) -> [ReplyEvent] {
        guard !isOver else { return [] }
        switch intake.take(chunk, last: last) {
        case .nothing: return []
        case .stream(let bytes): return feedStream(bytes, last: last)
        case .object(let body): return plainAnswer(body)
        case .refusal(let status, let body):
            return [.error(AnthropicErrorReader.classify(status: status, body: body))]
        }
    }

    /// The status line of a refusal has said what matters; only the provider's sentence was cut.
    public mutating func breakOff() -> [ReplyEvent] {
        intake.breakOff().map { [.error(AnthropicErrorReader.classify(status: $0, body: []))] } ?? []
    }
}

// MARK: Plain answers

extension AnthropicExchange {
    private func plainAnswer(_ body: [UInt8]) -> [ReplyEvent] {
        let root: JSONValue
        do throws(ProviderError) { root = try PlainAnswer.document(body).root } catch { return [.error(error)] }
        let content = root[key: "content"]
        if var error = AnthropicErrorReader.inAnswer(root, body: body) {
            error.isAfterContent = content.map { !$0.isBlank } ?? false
            return [.error(error)]
        }
        guard content?.kind == .array else {
            return [ReplyEvent.malformed("The provider's answer holds no message.")]
        }
        return message(root, body)
    }

    private func message(_ root: JSONValue, _ body: [UInt8]) -> [ReplyEvent] {
        var events = [ReplyEvent.start(root)]
        var text = AnthropicText()
        let blocks = (root[key: "content"]?.elements ?? []).filter { $0[key: "type"]?.string == "text" }
        let visible = blocks.compactMap { $0[key: "text"]?.piece }.map { text.take($0) + text.end() }.joined()
        if !visible.isEmpty { events.append(.text(visible)) }
        events += expectsStream ? AnthropicEvents.of(root) : [.upstream(name: nil, body, .ending)]
        var usage = AnthropicUsage()
        if let said = root[key: "usage"] { usage.take(said) }
        if let counted = usage.counted { events.append(.usage(counted)) }
        // One whole object is complete by its syntax, so a missing reason leaves nothing in doubt.
        events.append((AnthropicReason.of(root[key: "stop_reason"]) ?? .stop).event)
        if expectsStream { events.append(AnthropicEvents.mark) }
        return events
    }
}

// MARK: Streams

extension AnthropicExchange {
    private mutating func feedStream(_ chunk: [UInt8], last: Bool) -> [ReplyEvent] {
        if !expectsStream, whole == nil { whole = AnthropicWhole() }
        var events: [ReplyEvent] = []
        for event in decoder.feed(chunk) where !isOver { events += take(event) }
        if last, !isOver { events += endStream() }
        return events
    }

    private mutating func endStream() -> [ReplyEvent] {
        var events: [ReplyEvent] = []
        if let event = decoder.finish() {
            events = take(event)
            // Behind the finish only the mark can be cut off: the answer itself is whole.
            if finish != nil, case .error(let error)? = events.last, error.errorClass == .malformedResponse {
                events = []
                isOver = false
            }
        }
        guard !isOver else { return events }
        isOver = true
        if !hasStarted {
            events.append(ReplyEvent.malformed("The provider's stream holds no event of an answer."))
        }
        return events + putTogether()
    }

    /// The object that a stream which nobody asked for comes to; nothing for one that was, and for one without a finish.
    private func putTogether() -> [ReplyEvent] {
        guard let whole, finish != nil else { return [] }
        return [.upstream(name: nil, whole.object(usage: usage.object), .ending)]
    }

    private mutating func take(_ event: SSEDecoder.Event) -> [ReplyEvent] {
        let data = event.data.drop { $0 == UInt8(ascii: " ") }
        // Some providers keep a connection alive by events that hold nothing.
        guard !data.isEmpty else { return [] }
        // OpenAI's mark, which some write behind Anthropic's, or in its place.
        guard !data.starts(with: "[DONE]".utf8) else { return end(with: AnthropicEvents.mark) }
        let isError = event.name == "error"
        let root: JSONValue
        do throws(JSONError) {
            root = try Document(indexing: event.data, limits: AnswerLimits.json).root
        } catch {
            if isError { return [fail(AnthropicErrorReader.failure(event.data))] }
            return [fail(.malformedResponse, "An event of the provider's stream is not JSON: \(error).")]
        }
        if isError { return [fail(AnthropicErrorReader.failure(event.data))] }
        guard root.kind == .object else {
            return [fail(.malformedResponse, "An event of the provider's stream is not an object.")]
        }
        if let error = AnthropicErrorReader.inAnswer(root, body: event.data) { return [fail(error)] }
        return take(AnthropicEvent(root, name: event.name), event.data)
    }

    private mutating func take(_ event: AnthropicEvent, _ data: [UInt8]) -> [ReplyEvent] {
        if event.kind == .messageStop { return end(with: .terminal(name: event.name, data)) }
        if isAnotherMessage(event) {
            return [fail(.malformedResponse, "The provider began another message in the middle of its answer.")]
        }
        var events = start(event)
        let own = event.stage
        if own == .content { (hasContent, isCountStale) = (true, true) }
        stage = max(stage, own)
        let visible = text.take(event)
        if !visible.isEmpty { events.append(.text(visible)) }
        if whole == nil { events.append(.upstream(name: event.name, data, stage)) } else { whole?.take(event) }
        events += count(event)
        if finish == nil, let reason = event.reason {
            finish = reason
            events.append(reason.event)
        }
        return events
    }

    /// Tells of the message with its first event: what comes before may be anybody's.
    private mutating func start(_ event: AnthropicEvent) -> [ReplyEvent] {
        guard !hasStarted, event.kind != .ping, event.kind != .other else { return [] }
        hasStarted = true
        return [ReplyEvent.start(event.message)]
    }

    /// Whether a gateway that lost its provider in the middle, and asked again, has put two answers into one.
    ///
    /// Clients would take the second for the rest of the first. One that tells of the same message twice does no harm.
    private mutating func isAnotherMessage(_ event: AnthropicEvent) -> Bool {
        guard let id = event.message?[key: "id"]?.string else { return false }
        defer { message = id }
        return message != nil && message != id && (hasContent || finish != nil)
    }

    /// What was used, where the event says something new of it; a beginning of zeros says nothing.
    private mutating func count(_ event: AnthropicEvent) -> [ReplyEvent] {
        guard let said = event.usage else { return [] }
        usage.take(said)
        // What is said once more behind content is said of that as well.
        guard let now = usage.counted, now != counted || isCountStale else { return [] }
        if event.kind == .messageStart, now.totalTokens == 0 { return [] }
        counted = now
        isCountStale = false
        return [.usage(now)]
    }

    /// The provider says that its stream is over.
    private mutating func end(with mark: ReplyEvent) -> [ReplyEvent] {
        isOver = true
        var events: [ReplyEvent] = []
        if finish == nil, finishesAtMark, hasContent {
            finish = .stop
            let rest = text.end()
            events = (rest.isEmpty ? [] : [.text(rest)]) + [FinishReason.stop.event]
        }
        return events + putTogether() + [mark]
    }

    private mutating func fail(_ errorClass: ErrorClass, _ message: String) -> ReplyEvent {
        fail(ProviderError(errorClass, message))
    }

    /// What the model had written before, somebody may have to pay for.
    private mutating func fail(_ error: ProviderError) -> ReplyEvent {
        isOver = true
        var error = error
        error.isAfterContent = hasContent
        return .error(error)
    }
}

// MARK: What both share

extension AnthropicExchange {
}
