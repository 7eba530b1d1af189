import SluiceTesting

/// A prompt of the chaos: who sends it and how, and what must come of it, follows from the seed and its number.
struct ChaosPrompt: Sendable, Hashable {
    /// How it is sent.
    enum Way: Sendable, Hashable {
        /// As a job of the queue.
        case queue
        /// As a call, plain or as a stream.
        case plain, stream
    }

    /// What is to be done when nobody can tell what became of a call.
    enum OnUnknown: String, Sendable, Hashable {
        case once, retry, deadLetter
    }

    var number: Int
    var way = Way.queue
    var model = ChaosModel.pool
    var isInteractive = false
    /// How often it may fail.
    var tries = 2
    var onUnknown = OnUnknown.once
    var isKeyed = false
    /// Its caller hangs up after so many milliseconds.
    var leavesAfter: Int?
    var poison: ChaosPoison?
    var secret: UInt64 = 0

    /// How many owners there are; the last of them sends the poison.
    static let owners = 4
    static let poisoner = 3
    /// So many numbers belong to each client.
    static let perClient = 1_000_000

    /// So many seconds the poisoner's prompts may wait: what he keeps from himself, he need not have.
    static let poisonersDeadline = 8

    /// Whose it is.
    var owner: Int { number / ChaosPrompt.perClient % ChaosPrompt.owners }
    var isPoisoners: Bool { owner == ChaosPrompt.poisoner }

    /// The word by which a provider tells it from all others.
    var word: String { "word-\(number)." }
    /// The one text that answers it.
    var answer: String { "The answer to \(word) is \(secret)" }

    /// How often it may be paid for, as far as anybody knows: a call once, a job of the queue as its terms say.
    var mostPaid: Int {
        guard way == .queue else { return 1 }
        return switch onUnknown {
        case .once: min(2, tries)
        case .retry: tries
        case .deadLetter: 1
        }
    }

    init(number: Int) {
        self.number = number
    }

    init(seed: UInt64, number: Int) {
        self.init(number: number)
        var dice = SeededRandom(seed: seed ^ (UInt64(truncatingIfNeeded: number) &* 0x9e37_79b9_7f4a_7c15))
        secret = dice.next()
        model = dice.chance(40) ? .pool : dice.chance(65) ? .alone : .calm
        way = dice.chance(60) ? .queue : dice.chance(50) ? .plain : .stream
        isInteractive = dice.chance(40)
        tries = [1, 1, 2, 2, 5].randomElement(using: &dice) ?? 2
        onUnknown = [.once, .once, .once, .retry, .deadLetter].randomElement(using: &dice) ?? .once
        isKeyed = dice.chance(40)
        if way != .queue, dice.chance(15) { leavesAfter = Int.random(in: 1...900, using: &dice) }
        if isPoisoners {
            // Most of it goes where nothing else ever fails.
            if dice.chance(60) { model = .calm }
            if dice.chance(80) { poison = ChaosPoison.allCases.randomElement(using: &dice) }
        }
    }

    /// The path it is sent to, and the body.
    var request: (path: String, body: String) {
        guard way == .queue else {
            let messages = #"[{"role":"user","content":"Tell me of \#(word)"}]"#
            return (
                "/v1/chat/completions",
                #"{"model":"\#(model.rawValue)","messages":\#(messages),"stream":\#(way == .stream)}"#
            )
        }
        var text = #"{"type":"chat","model":"\#(model.rawValue)","prompt":"Tell me of \#(word)","tries":\#(tries),"#
        text += #""onUnknown":"\#(onUnknown.rawValue)","lane":"\#(isInteractive ? "interactive" : "bulk")""#
        if isPoisoners { text += #","deadlineSeconds":\#(ChaosPrompt.poisonersDeadline)"# }
        return ("/v1/prompts", text + "}")
    }
}
