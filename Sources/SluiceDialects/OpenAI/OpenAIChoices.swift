import SluiceJSON
import SluiceProvider
import SluiceTypes

/// Which choices of a stream have begun, and which are finished.
///
/// With `n` above 1 their chunks come in any order, and the finish of one is not the end of the others.
struct OpenAIChoices {
    private let expected: Int
    private var open: Set<Int64> = []
    private var reasons: [Int64: FinishReason] = [:]
    /// The choice whose text and reason stand for the answer.
    private var main: Int64?
    /// True once one of them has brought text, a refusal or a call of tools.
    private(set) var hasContent = false
    private var joiner = SurrogateJoiner()

    /// - Parameter expected: how many choices were asked for.
    init(expected: Int) {
        self.expected = expected
        // One choice is the answer whatever its number.
        main = expected > 1 ? 0 : nil
    }

    /// Takes what a chunk tells of a choice, and returns the piece of the answer's text in it.
    mutating func take(_ choice: OpenAIChoice) -> String {
        if choice.hasContent { hasContent = true }
        if let reason = choice.finishReason {
            open.remove(choice.index)
            if reasons[choice.index] == nil { reasons[choice.index] = reason }
        } else if reasons[choice.index] == nil {
            open.insert(choice.index)
        }
        if main == nil { main = choice.index }
        return choice.index == main ? joiner.take(choice.piece) : ""
    }

    /// What is left of the answer's text when nothing more comes.
    mutating func endText() -> String { joiner.end() }

    /// Why the model stopped; nil while the answer is not whole.
    ///
    /// A provider may give fewer choices than were asked for. That they are all there is, only the mark at the stream's end
    /// tells.
    func reason(atMark: Bool) -> FinishReason? {
        guard open.isEmpty, atMark || reasons.count >= expected else { return nil }
        return main.flatMap { reasons[$0] } ?? reasons.min { $0.key < $1.key }?.value
    }
}

extension Ask {
    /// How many choices a provider that honours the request answers with.
    var choices: Int {
        let most = 1 << 20
        let root = body.root
        let each = min(max(Int(root[key: "n"]?.integer ?? 1), 1), most)
        guard operation == .completion, let prompts = root[key: "prompt"]?.elements, let first = prompts.first,
            first.kind != .number
        else { return each }
        // A list of numbers is one prompt, of tokens.
        return each * min(prompts.count, most)
    }
}
