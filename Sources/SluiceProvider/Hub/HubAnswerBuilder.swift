/// Puts the events of an answer together.
///
/// Of a block that is `other` only its beginning is kept: how its deltas are joined, its dialect alone knows.
public struct HubAnswerBuilder: Sendable {
    private struct Block {
        var kind: HubBlockKind
        var text: [UInt8] = []
        var closing = HubClosing()
    }

    private var blocks: [Block] = []
    private var finish: HubFinish?

    /// Creates a builder.
    public init() {}

    /// Takes the next event; a delta or close of a block that was never opened is passed over.
    public mutating func take(_ event: HubEvent) {
        switch event {
        case .open(let index, let kind):
            if index == blocks.count { blocks.append(Block(kind: kind)) }
        case .delta(let index, let bytes):
            if blocks.indices.contains(index) { blocks[index].text += bytes }
        case .close(let index, let closing):
            if blocks.indices.contains(index) { blocks[index].closing = closing }
        case .finish(let reason): finish = reason
        }
    }

    /// What has come so far.
    public var answer: HubAnswer {
        var parts: [HubPart] = []
        for block in blocks {
            let text = SpelledText(spelling: block.text[...])
            switch block.kind {
            case .text: parts.append(HubPart(.text(HubText(text, citations: block.closing.citations))))
            case .refusal: parts.append(HubPart(.refusal(text)))
            case .reasoning(let kind, let continues):
                var reasoning = HubReasoning([])
                if continues, case .reasoning(let known)? = parts.last?.content {
                    reasoning = known
                    parts.removeLast()
                }
                if let kind { reasoning.passages.append(HubReasoning.Passage(kind, text)) }
                reasoning.opaque = block.closing.opaque ?? reasoning.opaque
                parts.append(HubPart(.reasoning(reasoning)))
            case .call(let id, let name, let namespace, let kind):
                let call = HubCall(
                    id: id,
                    name: name,
                    namespace: namespace,
                    arguments: text,
                    kind: kind,
                    opaque: block.closing.opaque
                )
                parts.append(HubPart(.call(call)))
            case .other(let other): parts.append(HubPart(.other(other)))
            }
        }
        return HubAnswer(parts, finish: finish)
    }
}
