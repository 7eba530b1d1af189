import SluiceJSON
import SluiceProvider
import SluiceTypes

/// Reads the events of a Responses stream as events of the hub.
///
/// Each content part of a message and each passage of a reasoning is a block. What a provider tells in no piece but only
/// with the whole item is told from that. Items that nobody here knows are told once they are done, and what goes on in them
/// before is not told. `response.failed` and `error` are nothing that a model says, and are the exchange's to tell.
///
/// Source: the API reference of OpenAI, "Streaming events" of Responses.
struct ResponsesStreamReader {
    /// An item that has begun, by the provider's number of it.
    private struct Item {
        /// The block that is open, and the number of its content part or passage.
        var block: (index: Int, part: Int64)?
        /// True once a block of it was opened.
        var hasBlocks = false
        /// Whether it is a reasoning: its last block waits for the item's end.
        var isReasoning = false
    }

    private var blocks = HubBlocks(ResponsesRendering.dialect)
    private var items: [Int64: Item] = [:]

    /// Takes one event of the stream; what is none tells nothing.
    mutating func take(_ event: SSEDecoder.Event) -> [HubEvent] {
        guard !blocks.isFinished,
            let root = (try? Document(indexing: event.data, limits: AnswerLimits.json))?.root,
            let type = root[key: "type"]?.string
        else { return [] }
        switch type {
        case "response.completed", "response.incomplete":
            if let finish = root[key: "response"].flatMap({ ResponsesRendering.finish($0, hasCalls: blocks.hasCalls) })
            {
                blocks.finish(finish)
            }
        default: if let number = root[key: "output_index"]?.integer { take(type, root, number) }
        }
        return blocks.take()
    }

    private mutating func take(_ type: String, _ event: JSONValue, _ number: Int64) {
        let delta = SpelledText(event[key: "delta"])
        let part = event[key: "content_index"]?.integer ?? event[key: "summary_index"]?.integer ?? 0
        switch type {
        case "response.output_item.added": begin(number, event[key: "item"])
        case "response.output_item.done": if let item = event[key: "item"] { end(number, item) }
        case "response.output_text.delta": grow(number, part, .text, delta)
        case "response.refusal.delta": grow(number, part, .refusal, delta)
        case "response.reasoning_summary_part.added", "response.reasoning_summary_text.delta":
            grow(number, part, passage(.summary, number), delta)
        case "response.reasoning_text.delta": grow(number, part, passage(.thought, number), delta)
        case "response.function_call_arguments.delta", "response.custom_tool_call_input.delta":
            if let block = items[number]?.block { blocks.grow(block.index, delta?.spelling) }
        case "response.content_part.added":
            if let kind = kind(event[key: "part"], number) { grow(number, part, kind, nil) }
        case "response.content_part.done": endPart(number, part, event[key: "part"])
        default: break
        }
    }

    private func kind(_ part: JSONValue?, _ number: Int64) -> HubBlockKind? {
        switch part?[key: "type"]?.string {
        case "output_text": .text
        case "refusal": .refusal
        case "reasoning_text": passage(.thought, number)
        default: nil
        }
    }

    private func passage(_ kind: HubPassageKind, _ number: Int64) -> HubBlockKind {
        .reasoning(kind, continues: items[number]?.hasBlocks ?? false)
    }

    private mutating func begin(_ number: Int64, _ item: JSONValue?) {
        var new = Item()
        let type = item?[key: "type"]?.string
        new.isReasoning = type == "reasoning"
        if let item, let kind = ResponsesStreamReader.call(item, type) {
            new.block = (blocks.begin(kind), 0)
            new.hasBlocks = true
        }
        items[number] = new
    }

    private static func call(_ item: JSONValue, _ type: String?) -> HubBlockKind? {
        let kind: HubToolKind
        switch type {
        case "function_call": kind = .function
        case "custom_tool_call": kind = .custom
        default: return nil
        }
        guard let id = SpelledText(item[key: "call_id"]), let name = SpelledText(item[key: "name"]) else { return nil }
        return .call(id: id, name: name, namespace: SpelledText(item[key: "namespace"]), kind)
    }

    /// Adds to a content part or passage, and opens it where this is the first that is told of it.
    private mutating func grow(_ number: Int64, _ part: Int64, _ kind: HubBlockKind, _ text: SpelledText?) {
        var item = items[number] ?? Item()
        if item.block?.part != part {
            blocks.close(item.block?.index)
            item.block = (blocks.begin(kind), part)
            item.hasBlocks = true
        }
        if let block = item.block { blocks.grow(block.index, text?.spelling) }
        items[number] = item
    }

    private mutating func endPart(_ number: Int64, _ place: Int64, _ part: JSONValue?) {
        guard var item = items[number], !item.isReasoning, let block = item.block, block.part == place else { return }
        if !blocks.hasGrown(block.index) {
            blocks.grow(block.index, (SpelledText(part?[key: "text"]) ?? SpelledText(part?[key: "refusal"]))?.spelling)
        }
        for citation in part?[key: "annotations"]?.elements ?? [] { blocks.cite(block.index, citation) }
        blocks.close(block.index)
        item.block = nil
        items[number] = item
    }

    private mutating func end(_ number: Int64, _ value: JSONValue) {
        let item = items.removeValue(forKey: number) ?? Item()
        guard item.hasBlocks else {
            let whole = JSONWriter.bytes { $0.array { $0.raw(value.bytes) } }
            let parts = (try? Document(indexing: whole)).map { ResponsesRendering.answerParts($0.root) } ?? []
            for part in parts { blocks.add(part) }
            return
        }
        guard let block = item.block else { return }
        if !blocks.hasGrown(block.index) {
            blocks.grow(
                block.index,
                (SpelledText(value[key: "arguments"]) ?? SpelledText(value[key: "input"]))?.spelling
            )
        }
        blocks.sign(block.index, SpelledText(value[key: "encrypted_content"]))
        blocks.close(block.index)
    }
}
