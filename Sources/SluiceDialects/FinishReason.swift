import SluiceJSON
import SluiceTypes

/// Reads why a model stopped, as providers write it.
enum FinishReason {
    /// The longest reason that is taken for one, in bytes.
    private static let longest = 32

    /// The provider's word; nil for an answer that goes on.
    ///
    /// Some providers send an empty reason with every chunk, so an empty one says nothing, and neither does what is no
    /// text. What is no word of reasonable length says that the answer has ended, and is not kept.
    static func word(_ value: JSONValue?) -> String? {
        guard let word = value?.string else { return nil }
        guard word.contains(where: { !$0.isWhitespace }) || !Promise.emptyReasonIsNone.holds else { return nil }
        let isWord = word.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."): true
            default: false
            }
        }
        return isWord && word.utf8.count <= longest ? word : "stop"
    }
}
