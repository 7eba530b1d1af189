import SluiceTesting
import SluiceTypes

/// A prompt of the kill loop: all that it says, and all that must come of it, follows from the seed and its number.
struct CrashPrompt: Sendable, Hashable {
    /// What the provider does with its first call; every later one is answered.
    enum Behaviour: Sendable {
        case quick
        /// Answers after so many milliseconds.
        case slow(Int)
        /// 500: known not to have been carried out.
        case fails
        /// Reads it whole and closes: nobody can tell.
        case closes
    }

    /// When it may run.
    enum Due: Sendable, Equatable {
        case now
        /// In so many milliseconds.
        case soon(Int)
        /// Not before the run is over: it is cancelled then.
        case far
    }

    let seed: UInt64
    let number: Int

    /// The word by which the provider tells it from all others.
    var word: String { "word-\(number)." }

    /// The one text that answers it.
    var answer: String { "The answer to \(word) is \(facts.secret)" }

    /// The same in two pieces.
    var pieces: [String] { [String(answer.prefix(14)), String(answer.dropFirst(14))] }

    var behaviour: Behaviour { facts.behaviour }
    var due: Due { facts.due }
    /// Whether a call of which nobody can tell is made again.
    var retries: Bool { facts.retries }
    /// Whether it is sent with an idempotency key.
    var isKeyed: Bool { facts.isKeyed }
    var key: String { "key-\(seed)-\(number)" }

    /// The number in a request that a provider was sent; nil for one that holds no prompt of ours.
    static func number(in body: [UInt8]) -> Int? {
        let mark = Array("word-".utf8)
        guard body.count > mark.count else { return nil }
        for start in 0..<(body.count - mark.count) where body[start] == mark[0] {
            guard body[start..<(start + mark.count)].elementsEqual(mark) else { continue }
            let digits = body[(start + mark.count)...].prefix { (0x30...0x39).contains($0) }
            return Int(String(decoding: digits, as: UTF8.self))
        }
        return nil
    }

    /// The prompt as it stands in the body, quotes included, in a spelling that no JSON writer would choose.
    var promptText: String {
        #""Tell me of \#(word) \/\u00fc "# + String(repeating: "x", count: facts.filler) + "\""
    }

    var metadataText: String { #"{ "number":"\#(number)","secret":"\#(facts.secret)" }"# }

    /// The body to send; with `changed` another one under the same name.
    func body(changed: Bool = false) -> String {
        var text = #"{"type":"chat","model":"gpt-4o-mini","prompt":\#(promptText),"metadata":\#(metadataText)"#
        if !facts.retries { text += #","onUnknown":"deadLetter""# }
        switch facts.due {
        case .now: break
        case .soon(let milliseconds): text += #","delaySeconds":0.\#(milliseconds / 100)"#
        case .far: text += #","runAt":"\#(CrashPrompt.far)""#
        }
        return text + (changed ? #","maxToken":1}"# : "}")
    }

    /// A day that is far ahead, but not farther than a job may be put off; set once, since a body must not change.
    private static let far: String = {
        let day = Timestamp.now().adding(.seconds(7 * 86_400))
        return day.description
    }()

    private var facts: Facts {
        var dice = SeededRandom(seed: seed ^ (UInt64(truncatingIfNeeded: number) &* 0x9e37_79b9_7f4a_7c15))
        return Facts(&dice)
    }

    private struct Facts {
        let behaviour: Behaviour
        let due: Due
        let retries: Bool
        let isKeyed: Bool
        let filler: Int
        let secret: UInt64

        init(_ dice: inout SeededRandom) {
            behaviour =
                switch Int.random(in: 0..<100, using: &dice) {
                case ..<60: .quick
                case ..<85: .slow(Int.random(in: 10...300, using: &dice))
                case ..<93: .fails
                default: .closes
                }
            due =
                switch Int.random(in: 0..<100, using: &dice) {
                case ..<84: .now
                case ..<97: .soon(Int.random(in: 100...900, using: &dice))
                default: .far
                }
            retries = dice.chance(75)
            isKeyed = dice.chance(75)
            filler = Int.random(in: 0...600, using: &dice)
            secret = dice.next()
        }
    }
}
