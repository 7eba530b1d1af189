import SluiceJSON
import SluiceTesting

/// One caller of the kill loop who speaks the formats' own surfaces: it waits for calls, plain and streamed, and has responses made in the
/// background, which it polls, follows, calls off and deletes.
final class CrashCallClient {
    /// The one owner of all of them, and one who owns nothing, by the places of their tokens.
    static let (owner, stranger) = (3, 2)
    private static let path = ChatFormat.responses.path

    private let number: Int
    private let seed: UInt64
    let book: CrashCallBook
    private let stage: CrashStage
    let caller: CrashCaller
    private var dice: SeededRandom
    private var sent = 0
    private var mine: [String] = []
    /// What was acknowledged last: what a crash would take first.
    private var fresh: [String] = []
    private var atRisk: [String] = []
    private var life = 0

    init(number: Int, seed: UInt64, book: CrashCallBook, stage: CrashStage, caller: CrashCaller) {
        self.number = number
        self.seed = seed
        self.book = book
        self.stage = stage
        self.caller = caller
        dice = SeededRandom(seed: seed &+ UInt64(number) &* 0x1234_5678_9abc_def1)
    }

    /// Goes on until the last life; it blocks.
    func run() {
        do {
            while !stage.isOver { try act() }
        } catch {
            book.note(.wrong, "-", "client \(number) was left without an answer: \(error)")
        }
    }

    private func act() throws {
        if life != caller.life {
            life = caller.life
            atRisk += fresh
            fresh = []
        }
        if let id = atRisk.last {
            if try poll(id) { atRisk.removeLast() }
            return
        }
        switch Int.random(in: 0..<100, using: &dice) {
        case ..<30: try wait()
        case ..<60: try post()
        case ..<75: try recent { _ = try poll($0) }
        case ..<90: try recent { try follow($0) }
        case ..<94: try recent { try cancel($0) }
        case ..<97: try recent { try delete($0) }
        default: try recent { try readAsStranger($0) }
        }
    }

    private func recent(_ body: (String) throws -> Void) throws {
        guard let id = mine.suffix(8).randomElement(using: &dice) else { return try post() }
        try body(id)
    }

    private func next() -> CrashPrompt {
        sent += 1
        return CrashPrompt(seed: seed, number: number * 1_000_000 + sent)
    }

    func refuse(_ answer: Answer, _ id: String, to what: String) {
        book.note(.wrong, id, "\(what) was answered \(answer.status): \(answer.text.prefix(300))")
    }

    // MARK: Calls that are waited for

    /// Makes a call in one of the formats, once, and notes what came of it.
    private func wait() throws {
        let prompt = next()
        let format = ChatFormat.allCases.randomElement(using: &dice) ?? .chat
        let isStream = dice.chance(60)
        let model = format == .chat ? "gpt-4o-mini" : "\(format.rawValue)-1"
        let body = format.request(model, "Tell me of \(prompt.word)", isStream: isStream)
        guard
            let answer = try caller.send("POST", format.path, as: Self.owner, body: body, mayBreakOff: true),
            let job = answer["x-sluice-job"]
        else { return }
        let reading = ChatReading(format, answer.text)
        var call = CrashCallBook.Waited(job: job, prompt: prompt, format: format, wasSuccess: false)
        if answer.status == 200, isStream {
            // What may be taken for the end is told of what is stored, also where the rest is cut.
            call.wasSuccess = reading.isSuccess || reading.hasFinished
            call.upstreamID = reading.ids.first
            if let breach = reading.breach { book.note(.wrong, job, "its stream is none: \(breach)") }
            if !answer.isCut, !reading.isOver { book.note(.wrong, job, "its stream ended in order, and is not whole") }
            if reading.isSuccess, reading.text != prompt.answer {
                book.note(.changed, job, "its answer is \(reading.text)")
            }
        } else if answer.status == 200 {
            let root = try? answer.json()
            call.wasSuccess = true
            call.upstreamID = root?[key: "id"]?.string
            let text = root?.text(as: format)
            if text != prompt.answer { book.note(.changed, job, "its answer is \(text ?? "none")") }
        } else if ![500, 502, 503].contains(answer.status) {
            refuse(answer, job, to: "a call")
        }
        // Whoever is told that the gateway stops may have been told so before its job was stored.
        if answer.status != 503 { book.note(call) }
    }

    // MARK: Responses in the background

    private func post() throws {
        let prompt = next()
        let isStream = dice.chance(40)
        let body = ChatFormat.responses.request(
            "responses-1",
            "Tell me of \(prompt.word)",
            isStream: isStream,
            #","background":true"#
        )
        let headers = prompt.isKeyed ? [("Idempotency-Key", prompt.key)] : []
        repeat {
            let answer = try caller.send(
                "POST",
                Self.path,
                as: Self.owner,
                headers: headers,
                body: body,
                mayBreakOff: isStream
            )
            if let answer, try took(answer, prompt, isStream: isStream) { return }
        } while prompt.isKeyed
    }

    /// True when the question is settled; false to ask the next life.
    private func took(_ answer: Answer, _ prompt: CrashPrompt, isStream: Bool) throws -> Bool {
        if answer.status == 503, answer.text.contains("stopping") {
            caller.giveUp()
            return false
        }
        guard answer.status == 200 else {
            refuse(answer, prompt.word, to: "a response in the background")
            return true
        }
        if isStream {
            let reading = ChatReading(.responses, answer.text)
            // Cut before anything was told, it was acknowledged under no id.
            guard let id = reading.ids.first else { return !prompt.isKeyed }
            took(id, prompt)
            book.saw(id, reading, after: nil, isCut: answer.isCut)
            return true
        }
        guard let root = try? answer.json(), let id = root[key: "id"]?.string else {
            refuse(answer, prompt.word, to: "a response in the background")
            return true
        }
        took(id, prompt)
        book.saw(id, shown: id, status: root[key: "status"]?.string, text: root.responseText)
        return true
    }

    private func took(_ id: String, _ prompt: CrashPrompt) {
        book.acknowledge(prompt, id: id)
        mine.append(id)
        fresh.append(id)
    }

    /// Reads a response; true when there was an answer.
    func poll(_ id: String) throws -> Bool {
        guard let answer = try caller.send("GET", "\(Self.path)/\(id)", as: Self.owner) else { return false }
        switch answer.status {
        case 200:
            guard let root = try? answer.json() else {
                refuse(answer, id, to: "a look")
                return true
            }
            book.saw(id, shown: root[key: "id"]?.string, status: root[key: "status"]?.string, text: root.responseText)
        case 404: book.missed(id)
        default: refuse(answer, id, to: "a look")
        }
        return true
    }

    /// Follows a response from behind what it has of it on, or from the beginning with `isWhole`.
    func follow(_ id: String, isWhole: Bool = false) throws {
        guard let known = book.look(id) else { return }
        let after = isWhole ? nil : known.last
        let query = after.map { "&starting_after=\($0)" } ?? ""
        let path = "\(Self.path)/\(id)?stream=true\(query)"
        guard let answer = try caller.send("GET", path, as: Self.owner, mayBreakOff: true) else { return }
        switch answer.status {
        case 200: book.saw(id, ChatReading(.responses, answer.text), after: after, isCut: answer.isCut)
        case 404: book.missed(id)
        case 503: caller.giveUp()
        default: refuse(answer, id, to: "a resumption")
        }
    }

    private func cancel(_ id: String) throws {
        book.askToCancel(id)
        guard let answer = try caller.send("POST", "\(Self.path)/\(id)/cancel", as: Self.owner) else { return }
        switch answer.status {
        case 200:
            guard let root = try? answer.json() else { return refuse(answer, id, to: "a cancellation") }
            book.saw(id, shown: root[key: "id"]?.string, status: root[key: "status"]?.string, text: root.responseText)
        case 404: book.missed(id)
        default: refuse(answer, id, to: "a cancellation")
        }
    }

    private func delete(_ id: String) throws {
        guard let known = book.look(id), known.end != nil, !known.isDeleted else { return }
        while true {
            guard let answer = try caller.send("DELETE", "\(Self.path)/\(id)", as: Self.owner) else { continue }
            // 404: an earlier try, whose answer was lost, had done it.
            if answer.status != 200 && answer.status != 404 { refuse(answer, id, to: "a deletion") }
            book.delete(id)
            mine.removeAll { $0 == id }
            fresh.removeAll { $0 == id }
            return
        }
    }

    private func readAsStranger(_ id: String) throws {
        let query = dice.chance(50) ? "?stream=true" : ""
        guard let answer = try caller.send("GET", "\(Self.path)/\(id)\(query)", as: Self.stranger) else { return }
        if answer.status != 404 { refuse(answer, id, to: "another owner's look") }
    }
}
