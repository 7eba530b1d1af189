import SluiceJSON
import SluiceProvider
import SluiceTypes

/// Reads the events of a response's stream.
///
/// Only the event by which a response ends is the end of its stream: one that just stops was cut.
struct ResponsesStream {
    /// Whether a stream was asked for; else its events are put together.
    private let isWanted: Bool
    private var decoder = SSEDecoder()
    private var isOver = false
    private var hasEvents = false
    private var hasStarted = false
    private var stage = ReplyStage.preamble
    private var joiner = SurrogateJoiner()
    private var hasText = false
    /// The text of items that came whole, for a stream without a piece of it and an end that names no item.
    private var itemText = ""
    /// The items that have come, for an end that names none.
    private var items = ResponsesItems()
    /// The same as they came, by their places, for a caller who wants them as one object.
    private var whole: [Int64: [UInt8]] = [:]

    init(isWanted: Bool) {
        self.isWanted = isWanted
    }

    mutating func feed(_ chunk: [UInt8], last: Bool) -> [ReplyEvent] {
        var events: [ReplyEvent] = []
        for event in decoder.feed(chunk) where !isOver { events += take(event) }
        guard last, !isOver else { return events }
        if let event = decoder.finish() { events += take(event) }
        if !isOver, !hasEvents {
            events.append(fail(ReplyEvent.malformed("The provider's stream holds no event of an answer.")))
        }
        isOver = true
        return events
    }

    private mutating func take(_ event: SSEDecoder.Event) -> [ReplyEvent] {
        let text = event.data.drop { $0 == UInt8(ascii: " ") }
        // Some providers keep a connection alive by events that hold nothing.
        guard !text.isEmpty else { return [] }
        guard !text.starts(with: "[DONE]".utf8) else {
            return [
                fail(ReplyEvent.malformed("The provider's stream ended without the event that ends a response."))
            ]
        }
        let root: JSONValue
        do throws(JSONError) {
            root = try Document(indexing: event.data, limits: AnswerLimits.json).root
        } catch {
            return [fail(ReplyEvent.malformed("An event of the provider's stream is not JSON: \(error)."))]
        }
        guard root.kind == .object else {
            return [fail(ReplyEvent.malformed("An event of the provider's stream is not an object."))]
        }
        hasEvents = true
        let event = ResponsesEvent(root, event)
        switch event.kind {
        case .preamble: return pass(event, .preamble)
        case .content: return pass(event, .content)
        case .end: return end(event)
        case .failure: return start(event) + failure(event.response, event.error)
        }
    }

    /// The first id that is told is the answer's, whatever later events call it.
    private mutating func start(_ event: ResponsesEvent, isLast: Bool = false) -> [ReplyEvent] {
        let id = event.response?[key: "id"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        guard !hasStarted, id != nil || isLast else { return [] }
        hasStarted = true
        return [.start(event.response)]
    }

    private mutating func pass(_ event: ResponsesEvent, _ eventStage: ReplyStage) -> [ReplyEvent] {
        var events = start(event)
        stage = max(stage, eventStage)
        if event.type == "response.output_item.done", let item = event.root[key: "item"] { note(item, event) }
        if event.type == "response.output_text.delta", let piece = event.root[key: "delta"]?.piece {
            let text = joiner.take(piece)
            hasText = hasText || !piece.isEmpty
            if !text.isEmpty { events.append(.text(text)) }
        }
        if isWanted { events.append(.upstream(name: event.name, event.data, stage)) }
        return events
    }

    private mutating func note(_ item: JSONValue, _ event: ResponsesEvent) {
        items.note(item)
        if !hasText { itemText += ResponsesItems.text(of: [item]) }
        guard !isWanted else { return }
        whole[event.root[key: "output_index"]?.integer ?? Int64(whole.count)] = Array(item.bytes)
    }

    // MARK: The end

    private mutating func end(_ event: ResponsesEvent) -> [ReplyEvent] {
        let response = event.response
        let output = response?[key: "output"]
        let told = ResponsesItems(output)
        if !told.isEmpty { items = told }
        let isIncomplete = event.type == "response.incomplete"
        let end = ResponsesFinish.end(of: response, isIncomplete: isIncomplete, leavesCalls: items.leavesCalls)
        var events = start(event, isLast: true)
        let reason: FinishReason
        switch end {
        case .finished(let word): reason = word
        // The event's own name is believed, since a status may have been left as it was at the beginning.
        case .open: reason = items.leavesCalls ? .toolCalls : .stop
        case .failed: return events + failure(response, event.error)
        }
        if reason == .filtered, stage == .preamble, items.isEmpty {
            return events + usage(response) + [fail(OpenAIExchange.contentFilter)]
        }
        let rest = hasText ? joiner.end() : told.isEmpty ? itemText : ResponsesItems.text(of: output?.elements ?? [])
        if !rest.isEmpty { events.append(.text(rest)) }
        if !isWanted {
            guard let object = object(response, hasItems: !told.isEmpty) else {
                return events + [fail(ReplyEvent.malformed("The end of the provider's stream holds no response."))]
            }
            events.append(.upstream(name: nil, object, .ending))
        }
        isOver = true
        return events + usage(response) + [reason.event, .terminal(name: event.name, event.data)]
    }

    private func usage(_ response: JSONValue?) -> [ReplyEvent] {
        Usage(response: response, webSearches: items.webSearches).map { [.usage($0)] } ?? []
    }

    /// The response as an answer that was never a stream; some providers leave its items out at the end.
    private func object(_ response: JSONValue?, hasItems: Bool) -> [UInt8]? {
        guard let response else { return nil }
        let bytes = Array(response.bytes)
        guard !hasItems, !whole.isEmpty else { return bytes }
        let output = JSONWriter.bytes { writer in
            writer.array { writer in for item in whole.sorted(by: { $0.key < $1.key }) { writer.raw(item.value) } }
        }
        let document = try? Document(indexing: bytes, limits: AnswerLimits.json).applying([.set("output", output)])
        return document?.bytes ?? bytes
    }

    // MARK: Failures

    /// What was used up to the failure, where that is told, and the failure.
    private mutating func failure(_ response: JSONValue?, _ error: ProviderError) -> [ReplyEvent] {
        usage(response) + [fail(.error(error))]
    }

    private mutating func fail(_ event: ReplyEvent) -> ReplyEvent {
        isOver = true
        guard case .error(let error) = event else { return event }
        return .error(OpenAIExchange.noted(error, isAfterContent: stage > .preamble))
    }
}
