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
        case plain
        case stream
        case completion
        case embedding
        case prompt
        case queued
        case background
    }

    let number: Int
    let caller: CrashCaller
    let stage: CrashStage
    let book: BillBook
    private var dice: SeededRandom
    private var sent = 0
    /// The responses in the background that have not ended, as far as it knows.
    private var open: [String] = []

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
        if let id = open.first, dice.chance(40) { return try poll(id) }
        sent += 1
        let name = "word-\(number * 1_000_000 + sent)."
        let kind = Kind.allCases.randomElement(using: &dice) ?? .plain
        let format = ChatFormat.allCases.randomElement(using: &dice) ?? .chat
        let isKeyed = dice.chance(40)
        var headers: [(String, String)] = isKeyed ? [("Idempotency-Key", name)] : []
        if kind == .queued { headers.append(("Prefer", "respond-async")) }
        let (path, body) = Self.request(kind, format, name)
        while true {
            let answer = try caller.send("POST", path, as: 0, headers: headers, body: body)
            if let answer { return take(answer, kind, format) }
            // Unanswered, it is sent again under its key, or left.
            if !isKeyed || stage.isOver { return }
        }
    }

    private static func request(_ kind: Kind, _ format: ChatFormat, _ word: String) -> (path: String, body: String) {
        let text = "Tell me of \(word)"
        let model = "\(format.rawValue)-bill"
        return switch kind {
        case .plain, .queued: (format.path, format.request(model, text))
        case .stream: (format.path, format.request(model, text, isStream: true))
        case .background:
            (ChatFormat.responses.path, ChatFormat.responses.request("responses-bill", text, #","background":true"#))
        case .completion: ("/v1/completions", #"{"model":"text-hello","prompt":"\#(text)"}"#)
        case .embedding: ("/v1/embeddings", #"{"model":"embed-small","input":"\#(text)"}"#)
        case .prompt: ("/v1/prompts", #"{"type":"chat","model":"chat-bill","prompt":"\#(text)"}"#)
        }
    }

    private mutating func take(_ answer: Answer, _ kind: Kind, _ format: ChatFormat) {
        switch (answer.status, kind) {
        case (202, .prompt), (202, .queued): return
        case (200, .background):
            guard let id = (try? answer.json())?[key: "id"]?.string else {
                return book.note(fault: "a response in the background has no id: \(answer.text.prefix(200))")
            }
            open.append(id)
        case (200, .stream):
            let reading = ChatReading(format, answer.text)
            // Half a stream says nothing of an account.
            if reading.isSuccess { note(reading.ids.first) }
        case (200, .plain), (200, .completion), (200, .embedding): note((try? answer.json())?[key: "id"]?.string)
        // The provider's own failures, and a gateway that stops.
        case (500, _), (502, _), (503, _): return
        default: book.note(fault: "a call was answered \(answer.status): \(answer.text.prefix(200))")
        }
    }

    /// Looks whether a response in the background has ended; it is there, in each life.
    private mutating func poll(_ id: String) throws {
        guard let answer = try caller.send("GET", "\(ChatFormat.responses.path)/\(id)", as: 0) else { return }
        let root = try? answer.json()
        switch root?[key: "status"]?.string {
        case "queued", "in_progress": open.append(open.removeFirst())
        case "completed":
            open.removeFirst()
            // Its id is ours: the text tells which call it was.
            note(root?.responseText)
        case "failed": open.removeFirst()
        default:
            open.removeFirst()
            book.note(fault: "a response in the background was answered \(answer.status): \(answer.text.prefix(200))")
        }
    }

    private func note(_ id: String?) {
        guard let call = id.flatMap({ Int($0.dropFirst("call-".count)) }) else {
            return book.note(fault: "an answer does not tell which call it is")
        }
        book.note(answered: call)
    }
}
