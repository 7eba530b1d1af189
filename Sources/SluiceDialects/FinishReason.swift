import SluiceJSON
import SluiceProvider
import SluiceTypes

/// Why a model stopped: in the words that all dialects share, which are OpenAI's, and in the provider's own.
///
/// A reason that nobody here knows is never a failure: it counts as `stop`, and the provider's word is kept beside it.
struct FinishReason: Sendable, Hashable {
    /// One of ``shared``.
    let reason: String
    /// The provider's own word for it, where that is another.
    let upstream: String?

    /// The model was done, and nobody said more of it.
    static let stop = FinishReason("stop")
    static let length = FinishReason("length")
    static let toolCalls = FinishReason("tool_calls")
    /// A filter, or the model itself, would not go on.
    static let filtered = FinishReason("content_filter")

    /// The words that stand for themselves; the last is what calls of functions were before they were calls of tools.
    private static let shared: Set<String> = ["stop", "length", "tool_calls", "content_filter", "function_call"]
    /// The longest word that is kept, in bytes.
    private static let longest = 32

    private init(_ reason: String, upstream: String? = nil) {
        self.reason = reason
        self.upstream = upstream
    }

    /// Reads what a provider says, whose own words stand in `words`; nil for an answer that goes on.
    ///
    /// Some providers send an empty reason with every chunk, so an empty one says nothing, and neither does what is no
    /// text. What is no word of reasonable length says that the answer has ended, and is not kept.
    init?(_ value: JSONValue?, words: [String: String] = [:]) {
        guard let word = value?.string else { return nil }
        guard word.contains(where: { !$0.isWhitespace }) || !Promise.emptyReasonIsNone.holds else { return nil }
        guard FinishReason.isWord(word) else {
            self = .stop
            return
        }
        let reason = words[word] ?? (FinishReason.shared.contains(word) ? word : "stop")
        self.init(reason, upstream: reason == word ? nil : word)
    }

    /// The word as the provider wrote it.
    var word: String { upstream ?? reason }

    /// What tells it.
    var event: ReplyEvent { .finish(reason: reason, upstream: upstream) }

    private static func isWord(_ text: String) -> Bool {
        text.utf8.count <= longest
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."):
                    true
                default: false
                }
            }
    }
}
