/// A whole answer: the parts of the assistant's turn, and why it stopped.
///
/// It is what ``HubEvent``s come to, and can be told as such.
public struct HubAnswer: Hashable, Sendable {
    /// The parts, in order.
    public var parts: [HubPart]
    /// Why the model stopped; nil while it has not.
    public var finish: HubFinish?

    /// Creates an answer.
    public init(_ parts: [HubPart] = [], finish: HubFinish? = nil) {
        self.parts = parts
        self.finish = finish
    }

    /// The events that tell the answer, each block whole in one delta.
    ///
    /// Images, files, sound and results are no blocks: no model writes them in the formats that the hub knows.
    public var events: [HubEvent] {
        var events: [HubEvent] = []
        var index = 0
        func block(_ kind: HubBlockKind, _ text: SpelledText?, _ closing: HubClosing = HubClosing()) {
            events.append(.open(index: index, kind))
            if let text, !text.isEmpty { events.append(.delta(index: index, text.spelling)) }
            events.append(.close(index: index, closing))
            index += 1
        }
        for part in parts {
            switch part.content {
            case .text(let text): block(.text, text.text, HubClosing(citations: text.citations))
            case .refusal(let text): block(.refusal, text)
            case .call(let call):
                let kind = HubBlockKind.call(id: call.id, name: call.name, namespace: call.namespace, call.kind)
                block(kind, call.arguments, HubClosing(opaque: call.opaque))
            case .reasoning(let reasoning):
                let closing = HubClosing(opaque: reasoning.opaque)
                if reasoning.passages.isEmpty { block(.reasoning(nil, continues: false), nil, closing) }
                for (place, passage) in reasoning.passages.enumerated() {
                    let isLast = place == reasoning.passages.count - 1
                    let kind = HubBlockKind.reasoning(passage.kind, continues: place > 0)
                    block(kind, passage.text, isLast ? closing : HubClosing())
                }
            case .other(let other): block(.other(other), nil)
            case .image, .file, .audio, .result: break
            }
        }
        if let finish { events.append(.finish(finish)) }
        return events
    }
}
