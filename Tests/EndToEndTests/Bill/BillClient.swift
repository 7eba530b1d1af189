import SluiceJSON
import SluiceTesting
import Synchronization

/// The calls whose whole answers have reached their callers, by the provider's numbers, and what should not have happened.
final class BillBook: Sendable {
    private let state = Mutex<(answered: Set<Int>, faults: [String])>(([], []))

    var answered: Set<Int> { state.withLock { $0.answered } }
    var faults: [String] { state.withLock { $0.faults } }

    func note(answered call: Int) { state.withLock { _ = $0.answered.insert(call) } }
    func note(fault: String) { state.withLock { $0.faults.append(fault) } }
}

/// One caller: calls of every kind, one after the other, as its dice say.
///
/// Its calls block.
struct BillClient {
    /// What can be asked for.
    private enum Kind: CaseIterable {
        case chat
        case stream
        case completion
        case embedding
        case prompt
        case queued
    }

    let number: Int
    let caller: CrashCaller
    let stage: CrashStage
    let book: BillBook
    private var dice: SeededRandom
    private var sent = 0

    init(number: Int, seed: UInt64, caller: CrashCaller, stage: CrashStage, book: BillBook) {
        self.number = number
        self.caller = caller
        self.stage = stage
        self.book = book
        dice = SeededRandom(seed: seed &+ UInt64(number) &* 0x1234_5678_9abc_def1)
    }

    /// Goes on until the last life, or until `isEnough`.
    mutating func run(until isEnough: () -> Bool) {
        do {
            while !stage.isOver, !isEnough() { try act() }
        } catch {
            book.note(fault: "client \(number) was left without an answer: \(error)")
        }
    }

    private mutating func act() throws {
        sent += 1
        let name = "word-\(number * 1_000_000 + sent)."
        let kind = Kind.allCases.randomElement(using: &dice) ?? .chat
        let isKeyed = dice.chance(40)
        var headers: [(String, String)] = isKeyed ? [("Idempotency-Key", name)] : []
        if kind == .queued { headers.append(("Prefer", "respond-async")) }
        let (path, body) = Self.request(kind, name)
        while true {
            let answer = try caller.send("POST", path, as: 0, headers: headers, body: body)
            if let answer { return take(answer, kind) }
            // Unanswered, it is sent again under its key, or left.
            if !isKeyed || stage.isOver { return }
        }
    }

    private static func request(_ kind: Kind, _ word: String) -> (path: String, body: String) {
        let messages = #""messages":[{"role":"user","content":"Tell me of \#(word)"}]"#
        return switch kind {
        case .chat, .queued: ("/v1/chat/completions", #"{"model":"gpt-bill",\#(messages)}"#)
        case .stream: ("/v1/chat/completions", #"{"model":"gpt-bill",\#(messages),"stream":true}"#)
        case .completion: ("/v1/completions", #"{"model":"text-hello","prompt":"Tell me of \#(word)"}"#)
        case .embedding: ("/v1/embeddings", #"{"model":"embed-small","input":"Tell me of \#(word)"}"#)
        case .prompt: ("/v1/prompts", #"{"type":"chat","model":"gpt-bill","prompt":"Tell me of \#(word)"}"#)
        }
    }

    private func take(_ answer: Answer, _ kind: Kind) {
        switch (answer.status, kind) {
        case (202, .prompt), (202, .queued): return
        case (200, .stream):
            // Half a stream says nothing of an account.
            guard answer.text.hasSuffix("data: [DONE]\n\n") else { return }
            let first = answer.text.prefix { $0 != "\n" }.dropFirst("data: ".count)
            note((try? Document(Array(first.utf8)))?.root)
        case (200, .chat), (200, .completion), (200, .embedding): note(try? answer.json())
        // The provider's own failures, and a gateway that stops.
        case (500, _), (502, _), (503, _): return
        default: book.note(fault: "a call was answered \(answer.status): \(answer.text.prefix(200))")
        }
    }

    private func note(_ object: JSONValue?) {
        guard let call = object?[key: "id"]?.string.flatMap({ Int($0.dropFirst("call-".count)) }) else {
            return book.note(fault: "an answer does not tell which call it is")
        }
        book.note(answered: call)
    }
}
