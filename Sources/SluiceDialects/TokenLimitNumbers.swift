/// What a provider's sentence says of a request that has too many tokens: how many there may be, and how many the input has.
///
/// Sources: what OpenAI, vLLM, Z.AI, Anthropic and Google write, as their users report it.
public struct TokenLimitNumbers: Sendable, Hashable {
    /// How many tokens input and answer may have together.
    public let limit: Int64
    /// How many the input has; nil where the sentence does not say.
    public let input: Int64?

    /// Reads a sentence; nil where it names no limit.
    public init?(_ sentence: String) {
        let text = sentence.lowercased()
        let numbers = TokenLimitNumbers.numbers(in: text)
        // What stands behind a comparison is the limit, whatever stands before it.
        let compared = numbers.first { text[..<$0.range.lowerBound].hasSuffix("> ") }
        guard let limit = compared ?? numbers.first(where: { TokenLimitNumbers.isLimit($0, in: text) }) else {
            return nil
        }
        self.limit = limit.value
        let others = numbers.filter { $0.range != limit.range }
        let own = others.first { TokenLimitNumbers.isInput($0, in: text) }
        // A number that is too large can be nothing but what was given.
        input = (own ?? others.first { $0.value > limit.value })?.value
    }

    private struct Number {
        var value: Int64
        var range: Range<String.Index>
    }

    private static func isLimit(_ number: Number, in text: String) -> Bool {
        let before = text[..<number.range.lowerBound]
        let after = text[number.range.upperBound...]
        return limitWords.contains { before.hasSuffix($0) } || after.hasPrefix(" maximum") || after.hasPrefix(" limit")
    }

    private static func isInput(_ number: Number, in text: String) -> Bool {
        let before = text[..<number.range.lowerBound]
        let after = text[number.range.upperBound...]
        return inputBefore.contains { before.hasSuffix($0) } || inputAfter.contains { after.hasPrefix($0) }
    }

    private static let limitWords = [
        "length is ", "length of ", "window is ", "window of ", "limit is ", "limit of ", "limit: ", "maximum of ",
        "maximum is ",
        "max length of ", "number of tokens allowed (", "up to ", "at most ",
    ]
    private static let inputBefore = [
        "resulted in ", "input token count (", "input token count is ", "prompt contains ", "at least ", "input is ",
        "too long: ",
    ]
    private static let inputAfter = [
        " in the messages", " in your prompt", " of text input", " input tokens", " tokens from the input", " given",
        " in the input", " tokens >",
    ]

    /// The whole numbers of a text, those with commas between their digits too.
    private static func numbers(in text: String) -> [Number] {
        var numbers: [Number] = []
        var place = text.startIndex
        while place < text.endIndex {
            guard isDigit(text[place]) else {
                place = text.index(after: place)
                continue
            }
            let start = place
            while place < text.endIndex, isDigit(text[place]) || isComma(at: place, in: text) {
                place = text.index(after: place)
            }
            if let value = Int64(text[start..<place].filter(isDigit)) {
                numbers.append(Number(value: value, range: start..<place))
            }
        }
        return numbers
    }

    private static func isDigit(_ character: Character) -> Bool { ("0"..."9").contains(character) }

    private static func isComma(at place: String.Index, in text: String) -> Bool {
        guard text[place] == "," else { return false }
        return text[text.index(after: place)...].first.map(isDigit) ?? false
    }
}
