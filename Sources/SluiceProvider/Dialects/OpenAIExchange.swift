import SluiceJSON
public import SluiceTypes

/// Reads one answer in OpenAI's wire format, plain or streamed, a chat's or a completion's.
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
    private static let errorBodyLimit = 64 << 10

    private let operation: Operation
    private let expectsStream: Bool
    private var phase = Phase.plain
    private var status = 0
    private var body: [UInt8] = []
    private var decoder = SSEDecoder()
    private var hasStarted = false
    private var hasContent = false
    private var hasFinished = false
    private var usage: Usage?

    /// Creates a reader of the answer to a request that asked for a stream, or did not.
    public init(operation: Operation, stream: Bool) {
        self.operation = operation
        expectsStream = stream
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
        return []
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
            return [.error(OpenAIErrors.classify(status: status, body: body))]
        }
    }
}

// MARK: Plain answers

extension OpenAIExchange {
    private func plainAnswer() -> [ReplyEvent] {
        let root: JSONValue
        do throws(JSONError) {
            root = try Document(body, limits: OpenAIExchange.limits).root
        } catch {
            return [OpenAIExchange.malformed("The provider's answer is not JSON: \(error).")]
        }
        if let error = OpenAIErrors.inAnswer(root) { return [.error(error)] }
        guard let choice = OpenAIChoice(inPlain: root, of: operation) else {
            return [OpenAIExchange.malformed("The provider's answer holds no choice with a message or text.")]
        }
        // One whole object is complete by its syntax, so a missing reason leaves nothing in doubt.
        let reason = choice.finishReason ?? "stop"
        if reason == OpenAIChoice.filtered, !choice.hasContent { return [OpenAIExchange.contentFilter] }
        var events = [ReplyEvent.start(upstreamID: OpenAIExchange.id(of: root))]
        if !choice.text.isEmpty { events.append(.textDelta(choice.text)) }
        events.append(.raw(body))
        if let usage = Usage(openAI: root[key: "usage"]) { events.append(.usage(usage)) }
        events.append(.finish(reason: reason))
        return events
    }
}

// MARK: Streams

extension OpenAIExchange {
    private mutating func feedStream(_ chunk: [UInt8], last: Bool) -> [ReplyEvent] {
        var events: [ReplyEvent] = []
        for event in decoder.feed(chunk) where phase == .stream { events += take(event.data) }
        if phase == .stream, decoder.isOverLimit {
            events.append(fail(OpenAIExchange.malformed("An event of the provider's stream is too long.")))
        }
        if last, phase == .stream { events += endStream() }
        return events
    }

    private mutating func endStream() -> [ReplyEvent] {
        var events: [ReplyEvent] = []
        if let event = decoder.finish() {
            events = take(event.data)
            // Behind the finish only the usage and the terminal mark can be cut off: the answer itself is whole.
            if hasFinished, case .error(let error)? = events.last, error.errorClass == .malformedResponse {
                events = []
            }
        }
        guard phase == .stream else { return events }
        phase = .over
        if !hasStarted { events.append(OpenAIExchange.malformed("The provider's stream holds no chunk of an answer.")) }
        return events
    }

    private mutating func take(_ data: [UInt8]) -> [ReplyEvent] {
        let text = data.drop { $0 == UInt8(ascii: " ") }
        guard !text.starts(with: "[DONE]".utf8) else {
            phase = .over
            return [.done]
        }
        let root: JSONValue
        do throws(JSONError) {
            root = try Document(data, limits: OpenAIExchange.limits).root
        } catch {
            return [fail(OpenAIExchange.malformed("A chunk of the provider's stream is not JSON: \(error)."))]
        }
        guard root.kind == .object else {
            return [fail(OpenAIExchange.malformed("A chunk of the provider's stream is not an object."))]
        }
        if let error = OpenAIErrors.inAnswer(root) { return [fail(.error(error))] }
        return chunk(root, data)
    }

    private mutating func chunk(_ root: JSONValue, _ data: [UInt8]) -> [ReplyEvent] {
        var events: [ReplyEvent] = []
        if !hasStarted { events.append(.start(upstreamID: OpenAIExchange.id(of: root))) }
        hasStarted = true
        let choice = OpenAIChoice(inChunk: root, of: operation)
        if choice?.hasContent == true { hasContent = true }
        if choice?.finishReason == OpenAIChoice.filtered, !hasContent {
            return events + [fail(OpenAIExchange.contentFilter)]
        }
        if let text = choice?.text, !text.isEmpty { events.append(.textDelta(text)) }
        events.append(.raw(data))
        if let counted = Usage(openAI: root[key: "usage"]), counted != usage {
            usage = counted
            events.append(.usage(counted))
        }
        if let reason = choice?.finishReason, !hasFinished {
            hasFinished = true
            events.append(.finish(reason: reason))
        }
        return events
    }

    private mutating func fail(_ event: ReplyEvent) -> ReplyEvent {
        phase = .over
        return event
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

    private static func malformed(_ message: String) -> ReplyEvent {
        .error(ProviderError(.malformedResponse, message))
    }

    private static func id(of root: JSONValue) -> String? {
        root[key: "id"]?.string.flatMap { $0.isEmpty ? nil : $0 }
    }
}
