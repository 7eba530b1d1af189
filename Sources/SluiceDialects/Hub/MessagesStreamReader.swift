import SluiceJSON
import SluiceProvider
import SluiceTypes

/// Reads the events of a Messages stream as events of the hub.
///
/// Members of a call's block that the hub has no word for, such as `caller`, are not told. An `error` is nothing that a model
/// says, and is the exchange's to tell.
///
/// Source: Anthropic's API documentation, "Streaming Messages".
struct MessagesStreamReader {
    private struct Block {
        var index: Int
        /// True for a block that nobody here knows: its deltas are copied whole.
        var isOther = false
        /// True for a call.
        var isCall = false
    }

    private var blocks = HubBlocks(MessagesRendering.dialect)
    /// By the provider's numbers.
    private var known: [Int64: Block] = [:]

    /// Takes one event of the stream; what is none tells nothing.
    mutating func take(_ event: SSEDecoder.Event) -> [HubEvent] {
        guard !blocks.isFinished,
            let root = (try? Document(indexing: event.data, limits: AnswerLimits.json))?.root
        else { return [] }
        switch root[key: "type"]?.string {
        case "content_block_start":
            if let number = root[key: "index"]?.integer, let block = root[key: "content_block"] { open(number, block) }
        case "content_block_delta":
            if let block = root[key: "index"]?.integer.flatMap({ known[$0] }), let delta = root[key: "delta"] {
                grow(block, delta)
            }
        case "content_block_stop":
            if let block = root[key: "index"]?.integer.flatMap({ known[$0] }) { close(block) }
        case "message_delta":
            if let finish = root[key: "delta"].flatMap(MessagesRendering.finish) { blocks.finish(finish) }
        default: break
        }
        return blocks.take()
    }

    private mutating func open(_ number: Int64, _ block: JSONValue) {
        let (kind, text) = MessagesStreamReader.kind(of: block)
        let index = blocks.begin(kind)
        var opened = Block(index: index)
        if case .other = kind { opened.isOther = true }
        if case .call = kind { opened.isCall = true }
        known[number] = opened
        guard !opened.isOther else { return }
        blocks.grow(index, text?.spelling)
        blocks.sign(index, SpelledText(block[key: "signature"]) ?? SpelledText(block[key: "data"]))
        for citation in block[key: "citations"]?.elements ?? [] { blocks.cite(index, citation) }
    }

    /// What a block is, and what it holds from the beginning, which is mostly nothing.
    private static func kind(of block: JSONValue) -> (HubBlockKind, SpelledText?) {
        switch block[key: "type"]?.string {
        case "text": return (.text, SpelledText(block[key: "text"]))
        case "thinking": return (.reasoning(.thought, continues: false), SpelledText(block[key: "thinking"]))
        case "redacted_thinking": return (.reasoning(nil, continues: false), nil)
        case "tool_use":
            guard let id = SpelledText(block[key: "id"]), let name = SpelledText(block[key: "name"]) else { break }
            let input = block[key: "input"].flatMap { $0.members.isEmpty ? nil : SpelledText(utf8: $0.bytes) }
            return (.call(id: id, name: name, namespace: nil, .function), input)
        default: break
        }
        return (.other(HubOther(HubForeign(MessagesRendering.dialect, SpelledJSON(block)), .block)), nil)
    }

    /// A call that needs nothing brings no piece of its input, which is an empty object all the same.
    private mutating func close(_ block: Block) {
        if block.isCall, !blocks.hasGrown(block.index) { blocks.grow(block.index, Array("{}".utf8)[...]) }
        blocks.close(block.index)
    }

    private mutating func grow(_ block: Block, _ delta: JSONValue) {
        guard !block.isOther else { return blocks.grow(block.index, delta.bytes) }
        switch delta[key: "type"]?.string {
        case "text_delta": blocks.grow(block.index, SpelledText(delta[key: "text"])?.spelling)
        case "thinking_delta": blocks.grow(block.index, SpelledText(delta[key: "thinking"])?.spelling)
        case "input_json_delta": blocks.grow(block.index, SpelledText(delta[key: "partial_json"])?.spelling)
        case "signature_delta": blocks.sign(block.index, SpelledText(delta[key: "signature"]))
        case "citations_delta": if let citation = delta[key: "citation"] { blocks.cite(block.index, citation) }
        default: break
        }
    }
}
