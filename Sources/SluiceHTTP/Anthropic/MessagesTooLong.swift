import SluiceDialects
import SluiceJSON

/// Says that a request has too many tokens in the two sentences by which Anthropic's clients know it: by the one they ask for a shorter
/// answer, by the other they make their conversation shorter.
///
/// Source: what Anthropic's API answers, and what Claude Code 2.1 does with it.
enum MessagesTooLong {
    private static let answerTooLong = "input length and `max_tokens` exceed context limit: "
    private static let inputTooLong = "prompt is too long: "

    /// The sentence for `error` about the request `root`; nil where the provider's own is one of the two.
    static func sentence(_ error: CallError, _ root: JSONValue) -> String? {
        let message = error.message
        if message.hasPrefix(answerTooLong) || message.hasPrefix(inputTooLong) { return nil }
        guard let numbers = TokenLimitNumbers(message) else { return inputTooLong + message }
        let wanted = root[key: "max_tokens"]?.integer ?? 0
        let input = numbers.input ?? max(estimate(root), numbers.limit - wanted + 1)
        guard input <= numbers.limit, wanted > 0 else {
            return inputTooLong + "\(max(input, numbers.limit + 1)) tokens > \(numbers.limit) maximum"
        }
        return answerTooLong + "\(input) + \(wanted) > \(numbers.limit)"
    }

    /// About how many tokens a request has, where nobody has counted them.
    private static func estimate(_ root: JSONValue) -> Int64 { Int64(root.bytes.count / 3) }
}
