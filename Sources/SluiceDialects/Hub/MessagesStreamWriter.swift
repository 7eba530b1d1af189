import SluiceJSON
import SluiceProvider
import SluiceTypes

/// Writes the events of an answer as the events of a Messages stream.
///
/// Redacted thinking is told when it is closed, since its data is all that it has. A refusal is a text, for this format has no
/// other place for its words.
///
/// Source: Anthropic's API documentation, "Streaming Messages".
struct MessagesStreamWriter {
    private static let dialect = MessagesRendering.dialect
    private let head: HubHead
    private var blocks: [Int: HubBlockKind] = [:]
    /// This format's numbers, which have no gap where a block can't be said here.
    private var numbers: [Int: Int] = [:]
    private var finish: HubFinish?

    init(_ head: HubHead) {
        self.head = head
    }

    /// The event with which a stream begins; `usage` in this format's own words.
    func begin(usage: SpelledJSON) -> [SSEDecoder.Event] {
        [
            MessagesStreamWriter.event("message_start") { event in
                event.member(
                    "message",
                    object: { message in
                        MessagesRendering.begin(head, to: &message)
                        message.member("content", array: { _ in })
                        MessagesRendering.write(nil, to: &message)
                        message.member("usage", usage)
                    }
                )
            }
        ]
    }

    /// The events for one event of the hub; the finish waits for ``end(usage:)``, which knows what was used.
    mutating func take(_ event: HubEvent) -> [SSEDecoder.Event] {
        switch event {
        case .open(let index, let kind):
            if case .other(let other) = kind, other.value(for: MessagesStreamWriter.dialect) == nil { return [] }
            blocks[index] = kind
            if case .reasoning(nil, _) = kind { return [] }
            return [start(index, kind)]
        case .delta(let index, let bytes):
            guard let kind = blocks[index], let number = numbers[index] else { return [] }
            return MessagesStreamWriter.delta(number, kind, bytes)
        case .close(let index, let closing): return close(index, closing)
        case .finish(let finish):
            self.finish = finish
            return []
        }
    }

    /// The events with which a stream ends; `usage` in this format's own words.
    func end(usage: SpelledJSON) -> [SSEDecoder.Event] {
        let delta = MessagesStreamWriter.event("message_delta") { event in
            event.member("delta", object: { MessagesRendering.write(finish, to: &$0) })
            event.member("usage", usage)
        }
        return [delta, MessagesStreamWriter.event("message_stop") { _ in }]
    }

    private mutating func start(_ index: Int, _ kind: HubBlockKind, data: SpelledText? = nil) -> SSEDecoder.Event {
        let number = numbers.count
        numbers[index] = number
        return MessagesStreamWriter.event("content_block_start") { event in
            event.member("index", number)
            if case .other(let other) = kind { return event.member("content_block", other.foreign.value) }
            event.member("content_block", object: { MessagesStreamWriter.write(kind, data, to: &$0) })
        }
    }

    private static func write(_ kind: HubBlockKind, _ data: SpelledText?, to block: inout JSONWriter) {
        switch kind {
        case .text, .refusal:
            block.member("type", "text")
            block.member("text", "")
        case .reasoning(nil, _):
            block.member("type", "redacted_thinking")
            block.memberIfPresent("data", data)
        case .reasoning:
            block.member("type", "thinking")
            block.member("thinking", "")
            block.member("signature", "")
        case .call(let id, let name, _, _):
            block.member("type", "tool_use")
            block.member("id", id)
            block.member("name", name)
            block.member("input", object: { _ in })
        case .other: break
        }
    }

    private static func delta(_ number: Int, _ kind: HubBlockKind, _ bytes: ArraySlice<UInt8>) -> [SSEDecoder.Event] {
        if case .other = kind {
            return [
                event("content_block_delta") { event in
                    event.member("index", number)
                    event.member("delta", SpelledJSON(bytes: bytes))
                }
            ]
        }
        let (type, name) =
            switch kind {
            case .text, .refusal, .other: ("text_delta", "text")
            case .reasoning: ("thinking_delta", "thinking")
            case .call: ("input_json_delta", "partial_json")
            }
        return [delta(number, type) { $0.member(name, SpelledText(spelling: bytes)) }]
    }

    private mutating func close(_ index: Int, _ closing: HubClosing) -> [SSEDecoder.Event] {
        guard let kind = blocks.removeValue(forKey: index) else { return [] }
        var events: [SSEDecoder.Event] = []
        let opaque = closing.opaque.flatMap { $0.dialect == MessagesStreamWriter.dialect ? $0.value : nil }
        if case .reasoning(nil, _) = kind {
            // Of what another dialect has hidden nothing can be said here.
            guard let opaque else { return [] }
            events.append(start(index, kind, data: opaque))
        }
        guard let number = numbers[index] else { return [] }
        if case .reasoning(_?, _) = kind, let opaque {
            events.append(MessagesStreamWriter.delta(number, "signature_delta") { $0.member("signature", opaque) })
        }
        if let citations = closing.citations, citations.dialect == MessagesStreamWriter.dialect {
            let array = (try? Document(indexing: Array(citations.value.bytes)))?.root.elements ?? []
            for citation in array {
                let one = SpelledJSON(citation)
                events.append(MessagesStreamWriter.delta(number, "citations_delta") { $0.member("citation", one) })
            }
        }
        events.append(MessagesStreamWriter.event("content_block_stop") { $0.member("index", number) })
        return events
    }

    private static func delta(
        _ number: Int,
        _ type: String,
        _ body: (inout JSONWriter) -> Void
    ) -> SSEDecoder.Event {
        event("content_block_delta") { event in
            event.member("index", number)
            event.member(
                "delta",
                object: { delta in
                    delta.member("type", type)
                    body(&delta)
                }
            )
        }
    }

    private static func event(_ type: String, _ body: (inout JSONWriter) -> Void) -> SSEDecoder.Event {
        let data = JSONWriter.bytes { writer in
            writer.object { event in
                event.member("type", type)
                body(&event)
            }
        }
        return SSEDecoder.Event(name: type, data: data)
    }
}
