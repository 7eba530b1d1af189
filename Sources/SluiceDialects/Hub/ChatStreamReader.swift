import SluiceJSON
import SluiceProvider
import SluiceTypes

/// Reads the chunks of a chat's stream as events of the hub: of the first choice, since the hub has one answer.
///
/// A text ends where something else begins. Calls stay open until the model stops, for their pieces may come in any order. An
/// error in a stream is nothing that a model says, and is the exchange's to tell.
///
/// Source: the API reference of OpenAI, "The chat completion chunk object".
struct ChatStreamReader {
    /// What a block is that comes in pieces without a number.
    private enum Run {
        case reasoning
        case text
        case refusal
    }

    private struct Call {
        var number: Int64?
        var id: SpelledText?
        var index: Int
    }

    private var blocks = HubBlocks(ChatRendering.dialect)
    /// The number of the choice that is the answer.
    private var main: Int64?
    private var run: (kind: Run, index: Int)?
    /// The open reasoning so far: a signature may come with a repetition of it.
    private var thought: [UInt8] = []
    private var calls: [Call] = []

    /// Takes one event of the stream; what is no chunk tells nothing.
    mutating func take(_ event: SSEDecoder.Event) -> [HubEvent] {
        guard !blocks.isFinished, event.data.first == UInt8(ascii: "{"),
            let root = (try? Document(indexing: event.data, limits: AnswerLimits.json))?.root,
            let choice = choice(root)
        else { return [] }
        if let delta = choice[key: "delta"] { take(delta) }
        if let word = choice[key: "finish_reason"]?.string, !word.isEmpty {
            blocks.finish(ChatRendering.finish(word))
        }
        return blocks.take()
    }

    /// What a chunk tells of the answer: one choice is the answer whatever its number.
    private mutating func choice(_ root: JSONValue) -> JSONValue? {
        let choices = root[key: "choices"]?.elements ?? []
        if main == nil { main = ChatRendering.main(choices) }
        return choices.first { ChatRendering.number($0) == main }
    }

    private mutating func take(_ delta: JSONValue) {
        let thinking = delta[key: "thinking_blocks"]?.elements ?? []
        // Who sends both says one thing twice; a block that repeats all is taken for its signature below.
        let isRepeated = thinking.contains { SpelledText($0[key: "thinking"])?.isEmpty == false }
        if let text = SpelledText(delta[key: "reasoning_content"]), !isRepeated { grow(.reasoning, text.spelling) }
        for block in thinking { take(thinking: block) }
        if let text = SpelledText(delta[key: "content"]) {
            grow(.text, text.spelling)
        } else {
            for part in delta[key: "content"]?.elements ?? [] { take(part: part) }
        }
        if let run, run.kind == .text {
            for citation in delta[key: "annotations"]?.elements ?? [] { blocks.cite(run.index, citation) }
        }
        if let text = SpelledText(delta[key: "refusal"]) { grow(.refusal, text.spelling) }
        for call in delta[key: "tool_calls"]?.elements ?? [] { take(call: call) }
    }

    private mutating func grow(_ kind: Run, _ bytes: ArraySlice<UInt8>) {
        guard !bytes.isEmpty else { return }
        if run?.kind != kind { begin(kind) }
        if kind == .reasoning { thought += bytes }
        if let run { blocks.grow(run.index, bytes) }
    }

    private mutating func begin(_ kind: Run) {
        endRun()
        let block: HubBlockKind =
            switch kind {
            case .reasoning: .reasoning(.thought, continues: false)
            case .text: .text
            case .refusal: .refusal
            }
        run = (kind, blocks.begin(block))
    }

    private mutating func endRun() {
        blocks.close(run?.index)
        run = nil
        thought = []
    }

    private mutating func take(thinking block: JSONValue) {
        if block[key: "type"]?.string == "redacted_thinking" {
            guard let data = SpelledText(block[key: "data"]) else { return }
            endRun()
            let index = blocks.begin(.reasoning(nil, continues: false))
            blocks.sign(index, data)
            return blocks.close(index)
        }
        let text = SpelledText(block[key: "thinking"])?.spelling ?? []
        let signature = SpelledText(block[key: "signature"]) ?? ""
        let isWhole = run?.kind == .reasoning && !signature.isEmpty && text == thought[...]
        if !isWhole { grow(.reasoning, text) }
        guard !signature.isEmpty else { return }
        // Thinking of which nothing is shown is signed all the same.
        if run?.kind != .reasoning { begin(.reasoning) }
        if let run { blocks.sign(run.index, signature) }
        endRun()
    }

    private mutating func take(part: JSONValue) {
        if part[key: "type"]?.string == "text", let text = SpelledText(part[key: "text"]) {
            return grow(.text, text.spelling)
        }
        endRun()
        blocks.add(ChatRendering.other(part, .block))
    }

    private mutating func take(call piece: JSONValue) {
        let kind =
            HubToolKind(rawValue: piece[key: "type"]?.string ?? "")
            ?? (piece[key: "custom"] == nil ? .function : .custom)
        let inner = piece[key: kind.rawValue]
        let number = piece[key: "index"]?.integer
        let id = SpelledText(piece[key: "id"]).flatMap { $0.isEmpty ? nil : $0 }
        let name = SpelledText(inner?[key: "name"]).flatMap { $0.isEmpty ? nil : $0 }
        var place = calls.lastIndex { call in
            // Some providers give several calls one number, or none: then another id is another call.
            call.number == number && (id == nil || call.id == nil || call.id == id)
        }
        if place == nil {
            guard id != nil || name != nil else { return }
            endRun()
            let index = blocks.begin(.call(id: id ?? "", name: name ?? "", namespace: nil, kind))
            calls.append(Call(number: number, id: id, index: index))
            place = calls.count - 1
        }
        guard let place else { return }
        let index = calls[place].index
        blocks.grow(index, SpelledText(inner?[key: ChatRendering.argumentsName(kind)])?.spelling)
        blocks.sign(index, ChatRendering.signature(piece[key: "extra_content"], isAlone: false))
    }
}
