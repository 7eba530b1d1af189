import SluiceJSON
public import SluiceProvider
public import SluiceTypes

/// Reads one answer in OpenAI's wire format, plain or streamed, a chat's, a completion's or an embedding's.
public struct OpenAIExchange: Exchange {
    private enum Phase {
        case plain
        case stream
        case failure
        case over
    }

    /// Answers with `logprobs` hold far more values than requests do; their size is bounded by the transport.
    static let limits = JSONLimits(depth: 64, values: 1_000_000)
    /// Error texts are short; what is longer is no explanation.
    static let errorBodyLimit = 64 << 10

    private let operation: Operation
    private let expectsStream: Bool
    private var phase = Phase.plain
    private var status = 0
    private var body: [UInt8] = []
    private var decoder = SSEDecoder()
    private var hasStarted = false
    /// Whether a stream begins as a page for people does; nil before its first visible byte.
    private var startsAsPage: Bool?
    private var choices: OpenAIChoices
    private var hasFinished = false
    /// How far the stream is.
    private var stage = ReplyStage.preamble
    private var usage: Usage?

    /// Creates a reader of the answer to a request that asked for a stream, or did not; embeddings never stream.
    ///
    /// A stream is not over before as many `choices` are finished as were asked for, or its mark says that there are no more.
    public init(operation: Operation, stream: Bool, choices: Int = 1) {
        self.operation = operation
        expectsStream = stream && operation != .embedding
        self.choices = OpenAIChoices(expected: choices)
    }

    /// Notes the status, and whether a stream or one object follows.
    public mutating func begin(_ head: ResponseHead) -> [ReplyEvent] {
        status = head.status
        if !(200...299).contains(status) {
            phase = .failure
        } else {
            // A provider that ignores `stream` says so by the type of its answer.
            let type = head["content-type"]?.lowercased() ?? ""
            phase = expectsStream && !type.hasPrefix("application/json") ? .stream : .plain
        }
        return OpenAILimits.events(in: head)
    }

    /// Takes more of the body.
    public mutating func feed(_ chunk: [UInt8], last: Bool) -> [ReplyEvent] {
        switch phase {
        case .over:
            return []
        case .stream:
            return feedStream(chunk, last: last)
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
}

// MARK: Plain answers

extension OpenAIExchange {
    private func plainAnswer() -> [ReplyEvent] {
        let root: JSONValue
        do throws(JSONError) {
            root = try Document(indexing: body, limits: OpenAIExchange.limits).root
        } catch {
            let fault = OpenAIExchange.isPage(body) == true ? "an HTML page, not JSON" : "not JSON: \(error)"
            return [OpenAIExchange.malformed("The provider's answer is \(fault).")]
        }
        if let error = OpenAIErrorReader.inAnswer(root, body: body) {
            let choices = OpenAIChoice.all(inPlain: root, of: operation)
            return [.error(OpenAIExchange.noted(error, isAfterContent: choices.contains(where: \.hasContent)))]
        }
        return operation == .embedding ? embeddings(root) : message(root)
    }

    private func message(_ root: JSONValue) -> [ReplyEvent] {
        let choices = OpenAIChoice.all(inPlain: root, of: operation)
        guard let choice = choices.first(where: { $0.index == 0 }) ?? choices.first else {
            return [OpenAIExchange.malformed("The provider's answer holds no choice with a message or text.")]
        }
        if let error = choices.lazy.compactMap(\.breakOff).first {
            return [.error(OpenAIExchange.noted(error, isAfterContent: choices.contains(where: \.hasContent)))]
        }
        // One whole object is complete by its syntax, so a missing reason leaves nothing in doubt.
        let reason = choice.finishReason ?? "stop"
        if reason == OpenAIChoice.filtered, !choices.contains(where: \.hasContent) {
            return [OpenAIExchange.contentFilter]
        }
        return whole(root, text: choice.text, reason: reason)
    }

    private func embeddings(_ root: JSONValue) -> [ReplyEvent] {
        guard OpenAIEmbeddings.areWhole(root) else {
            return [OpenAIExchange.malformed("The provider's answer holds no embeddings, or an element without one.")]
        }
        return whole(root, text: "", reason: "stop")
    }

    private func whole(_ root: JSONValue, text: String, reason: String) -> [ReplyEvent] {
        var events = [OpenAIExchange.start(root)]
        if !text.isEmpty { events.append(.text(text)) }
        let object = expectsStream && operation == .chat ? OpenAIChunk.of(root) : body
        events.append(.upstream(name: nil, object, .ending))
        if let usage = Usage(openAI: root[key: "usage"]) { events.append(.usage(usage)) }
        events.append(.finish(reason: reason))
        return events
    }
}

// MARK: Streams

extension OpenAIExchange {
    private mutating func feedStream(_ chunk: [UInt8], last: Bool) -> [ReplyEvent] {
        if startsAsPage == nil { startsAsPage = OpenAIExchange.isPage(chunk) }
        var events: [ReplyEvent] = []
        for event in decoder.feed(chunk) where phase == .stream { events += take(event) }
        if phase == .stream, decoder.isOverLimit {
            events.append(fail(OpenAIExchange.malformed("An event of the provider's stream is too long.")))
        }
        if last, phase == .stream { events += endStream() }
        return events
    }

    private mutating func endStream() -> [ReplyEvent] {
        var events: [ReplyEvent] = []
        if let event = decoder.finish() {
            events = take(event)
            // Behind the finish only the usage and the terminal mark can be cut off: the answer itself is whole.
            if hasFinished, case .error(let error)? = events.last, error.errorClass == .malformedResponse {
                events = []
            }
        }
        guard phase == .stream else { return events }
        phase = .over
        if !hasStarted {
            let fault = startsAsPage == true ? "is an HTML page" : "holds no chunk of an answer"
            events.append(OpenAIExchange.malformed("The provider's stream \(fault)."))
        }
        return events
    }

    private mutating func take(_ event: SSEDecoder.Event) -> [ReplyEvent] {
        let data = event.data
        let text = data.drop { $0 == UInt8(ascii: " ") }
        // Some providers keep a connection alive by events that hold nothing.
        guard !text.isEmpty else { return [] }
        guard !text.starts(with: "[DONE]".utf8) else { return mark(data) }
        let root: JSONValue
        do throws(JSONError) {
            root = try Document(indexing: data, limits: OpenAIExchange.limits).root
        } catch {
            return [fail(OpenAIExchange.malformed("A chunk of the provider's stream is not JSON: \(error)."))]
        }
        guard root.kind == .object else {
            return [fail(OpenAIExchange.malformed("A chunk of the provider's stream is not an object."))]
        }
        if event.name == "error" { return [fail(.error(OpenAIErrorReader.failure(root, body: data)))] }
        if let error = OpenAIErrorReader.inAnswer(root, body: data) { return [fail(.error(error))] }
        return chunk(root, data)
    }

    /// The provider says that its stream is over.
    private mutating func mark(_ data: [UInt8]) -> [ReplyEvent] {
        let end = conclude(atMark: true)
        if case .error? = end { return [end].compactMap(\.self) }
        phase = .over
        return [end, .terminal(name: nil, data)].compactMap(\.self)
    }

    private mutating func chunk(_ root: JSONValue, _ data: [UInt8]) -> [ReplyEvent] {
        var events: [ReplyEvent] = []
        if !hasStarted { events.append(OpenAIExchange.start(root)) }
        hasStarted = true
        var text = ""
        for choice in OpenAIChoice.all(inChunk: root, of: operation) {
            text += choices.take(choice)
            stage = max(stage, choice.stage)
            if let error = choice.breakOff { return events + [fail(.error(error))] }
        }
        let end = conclude(atMark: false)
        if case .error? = end { return events + [end].compactMap(\.self) }
        if !text.isEmpty { events.append(.text(text)) }
        events.append(.upstream(name: nil, data, stage))
        if let counted = Usage(openAI: root[key: "usage"]), counted != usage {
            usage = counted
            events.append(.usage(counted))
        }
        return events + [end].compactMap(\.self)
    }

    /// The finish, once every choice has one; an error where the filter has let nothing of them through.
    private mutating func conclude(atMark: Bool) -> ReplyEvent? {
        guard !hasFinished, let reason = choices.reason(atMark: atMark) else { return nil }
        hasFinished = true
        let isEmpty = reason == OpenAIChoice.filtered && !choices.hasContent
        return isEmpty ? fail(OpenAIExchange.contentFilter) : .finish(reason: reason)
    }

    private mutating func fail(_ event: ReplyEvent) -> ReplyEvent {
        phase = .over
        guard case .error(let error) = event else { return event }
        return .error(OpenAIExchange.noted(error, isAfterContent: choices.hasContent))
    }
}

// MARK: What both share

extension OpenAIExchange {
    private static let contentFilter = ReplyEvent.error(
        ProviderError(
            .contentFilter,
            "The provider's content filter let nothing of the answer through.",
            code: OpenAIChoice.filtered
        )
    )

    /// What the model had written before, somebody may have to pay for.
    private static func noted(_ error: ProviderError, isAfterContent: Bool) -> ProviderError {
        var error = error
        error.isAfterContent = isAfterContent
        return error
    }

    private static func malformed(_ message: String) -> ReplyEvent {
        .error(ProviderError(.malformedResponse, message))
    }

    /// Whether a body is for people; nil where nothing of it is visible yet.
    private static func isPage(_ body: [UInt8]) -> Bool? {
        body.first { !" \t\r\n".utf8.contains($0) }.map { $0 == UInt8(ascii: "<") }
    }

    private static func start(_ root: JSONValue) -> ReplyEvent {
        let id = root[key: "id"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        return .start(upstreamID: id, model: root[key: "model"]?.string)
    }
}
