import SluiceJSON
import SluiceProvider
import SluiceTypes

/// Writes the events of an answer as the events of a Responses stream, numbered from 0.
///
/// Each text and each refusal is a message of its own. A reasoning's item ends when something else begins, since a further
/// passage may follow each.
///
/// Source: the API reference of OpenAI, "Streaming events" of Responses.
struct ResponsesStreamWriter {
    /// One item of the output.
    private struct Item {
        var number: Int
        var id: String
        var part: HubPart
    }

    private static let dialect = ResponsesRendering.dialect
    /// What stands in a part's place while it grows: with two holders each piece would copy all there is.
    private static let nothing = HubPart.Content.refusal(SpelledText(spelling: []))
    private let head: HubHead
    private var sequence = 0
    /// By the hub's indexes: the item of an open block, and its passage.
    private var open: [Int: (number: Int, passage: Int)] = [:]
    private var items: [Item] = []
    /// The reasoning whose item has not ended.
    private var reasoning: Int?
    private var finish: HubFinish?
    private var events: [SSEDecoder.Event] = []

    init(_ head: HubHead) {
        self.head = head
    }

    /// The events with which a stream begins.
    mutating func begin() -> [SSEDecoder.Event] {
        for type in ["response.created", "response.in_progress"] {
            let object = ResponsesRendering.object(of: HubAnswer(), head, usage: nil)
            emit(type) { $0.member("response", SpelledJSON(bytes: object[...])) }
        }
        return take()
    }

    /// The events for one event of the hub; the finish waits for ``end(usage:)``, which knows what was used.
    mutating func take(_ event: HubEvent) -> [SSEDecoder.Event] {
        switch event {
        case .open(let index, let kind): open(index, kind)
        case .delta(let index, let bytes): grow(index, bytes)
        case .close(let index, let closing): close(index, closing)
        case .finish(let finish):
            endReasoning()
            self.finish = finish
        }
        return take()
    }

    /// The event with which a stream ends, with the whole response; `usage` in this format's own words.
    mutating func end(usage: SpelledJSON?) -> [SSEDecoder.Event] {
        endReasoning()
        let finish = finish ?? HubFinish(.stop)
        let answer = HubAnswer(items.map(\.part), finish: finish)
        let object = ResponsesRendering.object(of: answer, head, usage: usage)
        emit("response.\(ResponsesRendering.status(finish))") { $0.member("response", SpelledJSON(bytes: object[...])) }
        return take()
    }

    private mutating func take() -> [SSEDecoder.Event] {
        defer { events = [] }
        return events
    }

    // MARK: Blocks

    private mutating func open(_ index: Int, _ kind: HubBlockKind) {
        if case .reasoning(let passage, continues: true) = kind, let number = reasoning {
            return beginPassage(index, number, passage)
        }
        endReasoning()
        let content: HubPart.Content
        switch kind {
        case .text: content = .text(HubText(""))
        case .refusal: content = .refusal("")
        case .reasoning: content = .reasoning(HubReasoning([]))
        case .call(let id, let name, let namespace, let kind):
            content = .call(HubCall(id: id, name: name, namespace: namespace, arguments: "", kind: kind))
        case .other(let other):
            guard other.place == .item, other.value(for: ResponsesStreamWriter.dialect) != nil else { return }
            content = .other(other)
        }
        let part = HubPart(content)
        let number = items.count
        items.append(Item(number: number, id: ResponsesRendering.itemID(head, number, part), part: part))
        open[index] = (number, 0)
        emitItem("response.output_item.added", number, status: "in_progress")
        switch kind {
        case .text, .refusal: emitPart("response.content_part.added", number)
        case .reasoning(let passage, _):
            reasoning = number
            beginPassage(index, number, passage)
        case .call, .other: break
        }
    }

    private mutating func beginPassage(_ index: Int, _ number: Int, _ kind: HubPassageKind?) {
        guard let kind, case .reasoning(var known) = items[number].part.content else {
            open[index] = (number, -1)
            return
        }
        let place = known.passages.count { $0.kind == kind }
        known.passages.append(HubReasoning.Passage(kind, ""))
        items[number].part.content = .reasoning(known)
        open[index] = (number, place)
        emitPassage(kind, "added", number, place, "")
    }

    private mutating func grow(_ index: Int, _ bytes: ArraySlice<UInt8>) {
        guard let (number, place) = open[index] else { return }
        let text = SpelledText(spelling: bytes)
        var type = ""
        var name = "content_index"
        switch items[number].part.content {
        case .text(var known):
            items[number].part.content = ResponsesStreamWriter.nothing
            known.text.spelling += bytes
            items[number].part.content = .text(known)
            type = "response.output_text.delta"
        case .refusal(var known):
            items[number].part.content = ResponsesStreamWriter.nothing
            known.spelling += bytes
            items[number].part.content = .refusal(known)
            type = "response.refusal.delta"
        case .call(var call):
            items[number].part.content = ResponsesStreamWriter.nothing
            call.arguments.spelling += bytes
            items[number].part.content = .call(call)
            type = ResponsesStreamWriter.callEvent(call.kind) + ".delta"
            name = ""
        case .reasoning(var known):
            guard var passage = known.passages.popLast() else { return }
            items[number].part.content = ResponsesStreamWriter.nothing
            passage.text.spelling += bytes
            known.passages.append(passage)
            items[number].part.content = .reasoning(known)
            type = ResponsesStreamWriter.passageEvent(passage.kind) + ".delta"
            if passage.kind == .summary { name = "summary_index" }
        default: return
        }
        emit(type, number) { event in
            if !name.isEmpty { event.member(name, place) }
            event.member("delta", text)
            if type == "response.output_text.delta" { event.member("logprobs", array: { _ in }) }
        }
    }

    private mutating func close(_ index: Int, _ closing: HubClosing) {
        guard let (number, place) = open.removeValue(forKey: index) else { return }
        switch items[number].part.content {
        case .text(var text):
            text.citations = closing.citations
            items[number].part.content = .text(text)
            emit("response.output_text.done", number) { event in
                event.member("content_index", 0)
                event.member("text", text.text)
                event.member("logprobs", array: { _ in })
            }
            emitPart("response.content_part.done", number)
        case .refusal(let text):
            emit("response.refusal.done", number) { event in
                event.member("content_index", 0)
                event.member("refusal", text)
            }
            emitPart("response.content_part.done", number)
        case .call(let call):
            emit(ResponsesStreamWriter.callEvent(call.kind) + ".done", number) { event in
                if call.kind == .function { event.member("name", call.name) }
                event.member(ChatRendering.argumentsName(call.kind), call.arguments)
            }
        case .reasoning(var known):
            known.opaque = closing.opaque ?? known.opaque
            items[number].part.content = .reasoning(known)
            if place >= 0, let passage = known.passages.last {
                emitPassage(passage.kind, "done", number, place, passage.text)
            }
            return
        default: break
        }
        emitItem("response.output_item.done", number, status: nil)
    }

    private mutating func endReasoning() {
        guard let number = reasoning else { return }
        reasoning = nil
        emitItem("response.output_item.done", number, status: nil)
    }

    // MARK: Events

    private static func callEvent(_ kind: HubToolKind) -> String {
        switch kind {
        case .function: "response.function_call_arguments"
        case .custom: "response.custom_tool_call_input"
        }
    }

    private static func passageEvent(_ kind: HubPassageKind) -> String {
        switch kind {
        case .summary: "response.reasoning_summary_text"
        case .thought: "response.reasoning_text"
        }
    }

    /// Tells that a passage begins or ends, with its text.
    private mutating func emitPassage(
        _ kind: HubPassageKind,
        _ end: String,
        _ number: Int,
        _ place: Int,
        _ text: SpelledText
    ) {
        let (name, type) = kind == .summary ? ("summary_index", "summary_text") : ("content_index", "reasoning_text")
        if end == "done" {
            emit(ResponsesStreamWriter.passageEvent(kind) + ".done", number) { event in
                event.member(name, place)
                event.member("text", text)
            }
        }
        let part = kind == .summary ? "response.reasoning_summary_part." : "response.content_part."
        emit(part + end, number) { event in
            event.member(name, place)
            event.member(
                "part",
                object: { part in
                    part.member("type", type)
                    part.member("text", text)
                }
            )
        }
    }

    /// Tells that a message's only content part begins or ends.
    private mutating func emitPart(_ type: String, _ number: Int) {
        let content = items[number].part.content
        emit(type, number) { event in
            event.member("content_index", 0)
            event.member(
                "part",
                object: { part in
                    if case .text(let text) = content {
                        part.member("type", "output_text")
                        part.member("text", text.text)
                        ResponsesRendering.writeAnnotations(text.citations, to: &part)
                    } else if case .refusal(let text) = content {
                        part.member("type", "refusal")
                        part.member("refusal", text)
                    }
                }
            )
        }
    }

    private mutating func emitItem(_ type: String, _ number: Int, status: String?) {
        let item = items[number]
        emit(type) { event in
            event.member("output_index", number)
            event.key("item")
            if status != nil, case .text = item.part.content {
                ResponsesStreamWriter.writeEmptyMessage(item.id, to: &event)
            } else if status != nil, case .refusal = item.part.content {
                ResponsesStreamWriter.writeEmptyMessage(item.id, to: &event)
            } else {
                ResponsesRendering.writeOutput(item.part, id: item.id, status: status ?? "completed", to: &event)
            }
        }
    }

    /// A message that has begun has no content.
    private static func writeEmptyMessage(_ id: String, to event: inout JSONWriter) {
        event.object { message in
            message.member("type", "message")
            message.member("role", "assistant")
            message.member("content", array: { _ in })
            message.member("id", id)
            message.member("status", "in_progress")
        }
    }

    private mutating func emit(_ type: String, _ number: Int, _ body: (inout JSONWriter) -> Void) {
        let id = items[number].id
        emit(type) { event in
            event.member("item_id", id)
            event.member("output_index", number)
            body(&event)
        }
    }

    private mutating func emit(_ type: String, _ body: (inout JSONWriter) -> Void) {
        let data = JSONWriter.bytes { writer in
            writer.object { event in
                event.member("type", type)
                event.member("sequence_number", sequence)
                body(&event)
            }
        }
        sequence += 1
        events.append(SSEDecoder.Event(name: type, data: data))
    }
}
