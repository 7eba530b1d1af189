import Foundation
import SluiceTesting

/// One caller of the soak: sends prompts, waits for some, reads and cancels others, and rests in between.
final class SoakClient {
    private let number: Int
    private let seed: UInt64
    private let caller: CrashCaller
    private let stage: CrashStage
    private let tally: SoakTally
    private var dice: SeededRandom
    private var sent = 0
    /// What it sent last; older ones may have been purged.
    private var recent: [(id: String, prompt: CrashPrompt)] = []

    init(number: Int, seed: UInt64, caller: CrashCaller, stage: CrashStage, tally: SoakTally) {
        self.number = number
        self.seed = seed
        self.caller = caller
        self.stage = stage
        self.tally = tally
        dice = SeededRandom(seed: seed &+ UInt64(number))
    }

    /// Goes on until the stage is closed; it blocks.
    func run() {
        while !stage.isOver {
            let began = ContinuousClock.now
            do { try act() } catch { return }
            tally.count()
            // Its share of the pace, whatever the request took.
            let rest = tally.interval - began.duration(to: .now)
            if rest > .zero { Thread.sleep(forTimeInterval: rest / .seconds(1)) }
        }
    }

    private func act() throws {
        switch Int.random(in: 0..<100, using: &dice) {
        case ..<60: try post()
        case ..<95: try read()
        default: try cancel()
        }
    }

    private func post() throws {
        let prompt = next()
        var headers = [("Idempotency-Key", prompt.key)]
        if dice.chance(30) { headers.append(("Prefer", "wait=2")) }
        while true {
            let answer = try caller.send("POST", "/v1/prompts", as: number % 2, headers: headers, body: prompt.body())
            guard let answer else { continue }
            guard answer.status == 200 || answer.status == 202,
                let record = (try? answer.json()).flatMap(SeenRecord.init)
            else { return tally.fault("a prompt was answered \(answer.status): \(answer.text.prefix(200))") }
            check(record, prompt)
            recent.append((record.id, prompt))
            if recent.count > 50 { recent.removeFirst() }
            return
        }
    }

    private func read() throws {
        guard let (id, prompt) = recent.randomElement(using: &dice) else { return try post() }
        guard let answer = try caller.send("GET", "/v1/prompts/\(id)", as: number % 2) else { return }
        guard answer.status == 200, let record = (try? answer.json()).flatMap(SeenRecord.init) else {
            return tally.fault("\(prompt.word) was acknowledged, and a read answered \(answer.status)")
        }
        check(record, prompt)
    }

    private func cancel() throws {
        guard let (id, prompt) = recent.last else { return try post() }
        guard let answer = try caller.send("POST", "/v1/prompts/\(id)/cancel", as: number % 2) else { return }
        if answer.status != 200 && answer.status != 409 {
            tally.fault("a cancellation of \(prompt.word) was answered \(answer.status)")
        }
    }

    private func check(_ record: SeenRecord, _ prompt: CrashPrompt) {
        let isRight =
            record.prompt == prompt.promptText && (record.status != "succeeded" || record.response == prompt.answer)
        if !isRight { tally.fault("\(prompt.word) is not what it was: \(record)") }
    }

    /// The next prompt that is due within the run.
    private func next() -> CrashPrompt {
        while true {
            sent += 1
            let prompt = CrashPrompt(seed: seed, number: number * 100_000_000 + sent)
            if prompt.due != .far { return prompt }
        }
    }
}
