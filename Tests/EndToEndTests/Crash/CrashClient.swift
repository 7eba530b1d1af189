import SluiceJSON
import SluiceTesting

/// One caller of the kill loop: sends prompts, reads, waits, cancels and deletes, as its dice say, and tells the ledger
/// what it was answered.
final class CrashClient {
    let number: Int
    let owner: Int
    let seed: UInt64
    let ledger: CrashLedger
    let stage: CrashStage
    let caller: CrashCaller
    var dice: SeededRandom
    private var sent = 0
    /// The jobs that it had acknowledged.
    var mine: [String] = []
    /// What was acknowledged last and not read since: what a crash would take first.
    var fresh: [String] = []
    private var atRisk: [String] = []
    private var life = 0

    /// More open jobs than this are not added to.
    private static let mostOpen = 300

    init(number: Int, seed: UInt64, ledger: CrashLedger, stage: CrashStage, caller: CrashCaller) {
        self.number = number
        self.seed = seed
        owner = number % 2
        self.ledger = ledger
        self.stage = stage
        self.caller = caller
        dice = SeededRandom(seed: seed &+ UInt64(number) &* 0x1234_5678_9abc_def1)
    }

    /// Goes on until the last life; it blocks.
    func run() {
        do {
            while !stage.isOver { try act() }
        } catch {
            ledger.note(.wrong, "-", "client \(number) was left without an answer: \(error)")
        }
    }

    private func act() throws {
        if life != caller.life {
            life = caller.life
            atRisk += fresh
            fresh = []
        }
        if let id = atRisk.last {
            // Asked for until there is an answer, whatever becomes of this life.
            if try read(id) { atRisk.removeLast() }
            return
        }
        switch Int.random(in: 0..<100, using: &dice) {
        case ..<48 where ledger.openCount < CrashClient.mostOpen: try post()
        case ..<64: try any { _ = try read($0) }
        case ..<72: try any { _ = try read($0, waiting: 2) }
        case ..<76: try any { try readAttempts($0) }
        case ..<84: try recent { try cancel($0) }
        case ..<88: try any { try delete($0) }
        case ..<93: try any { try postAgain($0) }
        case ..<96: try any { try readAsStranger($0) }
        default: try list()
        }
    }

    /// One of its jobs, if it has one.
    private func any(_ body: (String) throws -> Void) throws {
        guard let id = mine.randomElement(using: &dice) else { return try post() }
        try body(id)
    }

    private func recent(_ body: (String) throws -> Void) throws {
        guard let id = mine.suffix(4).randomElement(using: &dice) else { return try post() }
        try body(id)
    }

    /// Notes an answer that no request of this kind may get.
    func refuse(_ answer: Answer, _ id: String, to what: String) {
        ledger.note(.wrong, id, "\(what) was answered \(answer.status): \(answer.text.prefix(300))")
    }

    /// The next prompt.
    func newPrompt() -> CrashPrompt {
        sent += 1
        return CrashPrompt(seed: seed, number: number * 1_000_000 + sent)
    }
}
