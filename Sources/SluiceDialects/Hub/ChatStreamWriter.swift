import SluiceJSON
import SluiceProvider
import SluiceTypes

/// Writes the events of an answer as the chunks of a chat's stream.
///
/// Readable reasoning goes out as `reasoning_content` while it comes; where it turns out to be signed, its whole text follows
/// with the signature in `thinking_blocks`, since the signature is known at its end only.
///
/// Source: the API reference of OpenAI, "The chat completion chunk object".
struct ChatStreamWriter {
    private struct Block {
        var kind: HubBlockKind
        /// Its number among the calls.
        var call = 0
    }

    private static let dialect = ChatRendering.dialect
    private let head: HubHead
    private var blocks: [Int: Block] = [:]
    /// The texts of open reasonings, as they were spelled.
    private var thoughts: [Int: [UInt8]] = [:]
    private var calls = 0

    init(_ head: HubHead) {
        self.head = head
    }

    /// The chunk with which a stream begins.
    func begin() -> [SSEDecoder.Event] {
        [
            chunk { delta in
                delta.member("role", "assistant")
                delta.member("content", "")
            }
        ]
    }

    /// The chunks for one event.
    mutating func take(_ event: HubEvent) -> [SSEDecoder.Event] {
        switch event {
        case .open(let index, let kind): open(index, kind)
        case .delta(let index, let bytes): grow(index, bytes)
        case .close(let index, let closing): close(index, closing)
        case .finish(let finish): [chunk(finish: ChatRendering.word(finish)) { _ in }]
        }
    }

    /// What stands behind the finish: the usage in this format's own words, where it was asked for, and the mark.
    func end(usage: SpelledJSON?) -> [SSEDecoder.Event] {
        let mark = SSEDecoder.Event(data: Array("[DONE]".utf8))
        guard let usage else { return [mark] }
        let counted = write { object in
            object.member("choices", array: { _ in })
            object.member("usage", usage)
        }
        return [counted, mark]
    }

    private mutating func open(_ index: Int, _ kind: HubBlockKind) -> [SSEDecoder.Event] {
        var block = Block(kind: kind)
        defer { blocks[index] = block }
        switch kind {
        case .text, .refusal, .reasoning: return []
        case .call(let id, let name, _, let kind):
            block.call = calls
            calls += 1
            return [
                piece(block.call) { call in
                    if !id.isEmpty { call.member("id", id) }
                    call.member("type", kind.rawValue)
                    call.member(
                        kind.rawValue,
                        object: { inner in
                            inner.member("name", name)
                            inner.member(ChatRendering.argumentsName(kind), "")
                        }
                    )
                }
            ]
        case .other(let other):
            guard other.place == .block, let value = other.value(for: ChatStreamWriter.dialect) else { return [] }
            return [chunk { $0.member("content", array: { $0.value(value) }) }]
        }
    }

    private mutating func grow(_ index: Int, _ bytes: ArraySlice<UInt8>) -> [SSEDecoder.Event] {
        guard let block = blocks[index] else { return [] }
        let text = SpelledText(spelling: bytes)
        switch block.kind {
        case .text: return [chunk { $0.member("content", text) }]
        case .refusal: return [chunk { $0.member("refusal", text) }]
        case .reasoning:
            thoughts[index, default: []] += bytes
            return [chunk { $0.member("reasoning_content", text) }]
        case .call(_, _, _, let kind):
            return [
                piece(block.call) { call in
                    call.member(kind.rawValue, object: { $0.member(ChatRendering.argumentsName(kind), text) })
                }
            ]
        case .other: return []
        }
    }

    private mutating func close(_ index: Int, _ closing: HubClosing) -> [SSEDecoder.Event] {
        guard let block = blocks.removeValue(forKey: index) else { return [] }
        switch block.kind {
        case .text:
            guard let citations = closing.citations, citations.dialect == ChatStreamWriter.dialect else { return [] }
            return [chunk { $0.member("annotations", citations.value) }]
        case .reasoning(let passage, _):
            let thought = thoughts.removeValue(forKey: index) ?? []
            guard let opaque = closing.opaque, opaque.dialect == ChatStreamWriter.dialect else { return [] }
            let text = passage.map { HubReasoning.Passage($0, SpelledText(spelling: thought[...])) }
            let part = HubPart(.reasoning(HubReasoning(text.map { [$0] } ?? [], opaque: opaque)))
            return [
                chunk { $0.member("thinking_blocks", array: { ChatRendering.writeThinking(part, to: &$0) }) }
            ]
        case .call:
            guard let opaque = closing.opaque, opaque.dialect == ChatStreamWriter.dialect else { return [] }
            return [piece(block.call) { ChatRendering.writeSignature(opaque, to: &$0) }]
        case .refusal, .other: return []
        }
    }

    private func piece(_ number: Int, _ body: (inout JSONWriter) -> Void) -> SSEDecoder.Event {
        chunk { delta in
            delta.member(
                "tool_calls",
                array: { calls in
                    calls.object { call in
                        call.member("index", number)
                        body(&call)
                    }
                }
            )
        }
    }

    private func chunk(finish: String? = nil, _ body: (inout JSONWriter) -> Void) -> SSEDecoder.Event {
        write { object in
            object.member(
                "choices",
                array: { choices in
                    choices.object { choice in
                        choice.member("index", 0)
                        choice.member("delta", object: body)
                        choice.member("finish_reason", finish)
                    }
                }
            )
        }
    }

    private func write(_ body: (inout JSONWriter) -> Void) -> SSEDecoder.Event {
        let data = JSONWriter.bytes { writer in
            writer.object { object in
                object.member("id", head.id)
                object.member("object", "chat.completion.chunk")
                object.member("created", head.created)
                object.member("model", head.model)
                body(&object)
            }
        }
        return SSEDecoder.Event(data: data)
    }
}
