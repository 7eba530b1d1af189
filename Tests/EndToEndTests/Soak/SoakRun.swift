import Foundation
import Glibc
import LoopbackProvider
import SluiceTesting

/// An hour of ordinary load, with a kill now and then, to see what grows.
struct SoakRun: Sendable {
    let server: CrashServer
    let seed: UInt64
    let seconds: Double
    let tally = SoakTally()
    let stage = CrashStage()
    private let began = ContinuousClock.now

    private static let clients = 16
    /// Of each life, what comes before is not judged: caches fill.
    private static let warmUp: Double = 180

    init(server: CrashServer, seed: UInt64, seconds: Double) {
        self.server = server
        self.seed = seed
        self.seconds = seconds
    }

    /// Answers each prompt with its own text, some of them slowly.
    static func provider(seed: UInt64) async throws -> LoopbackProvider {
        try await LoopbackProvider.start(remembers: false) { request, _ in
            guard let number = CrashPrompt.number(in: request.body) else { return .openAIError(400) }
            let prompt = CrashPrompt(seed: seed, number: number)
            let answer = Reply.chat(text: prompt.answer)
            guard case .slow(let milliseconds) = prompt.behaviour else { return answer }
            return Reply([.pause(milliseconds)] + answer.steps)
        }
    }

    /// Plays it and returns the samples, life by life.
    ///
    /// - Throws: ``HarnessError``.
    func play(tokens: [String]) async throws -> [[SoakSample]] {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 1...SoakRun.clients {
                group.addTask {
                    try await Blocking.run {
                        let caller = CrashCaller(port: server.port, tokens: tokens, stage: stage)
                        SoakClient(number: number, seed: seed, caller: caller, stage: stage, tally: tally).run()
                    }
                }
            }
            defer { stage.close() }
            var dice = SeededRandom(seed: seed)
            var lives: [[SoakSample]] = []
            // Kills in the first half; the second is one long life.
            while now < seconds {
                let span = Double.random(in: seconds / 20...seconds / 12, using: &dice)
                let end = now + span > seconds / 2 ? seconds : now + span
                lives.append(try await live(until: end))
                if !tally.faults.isEmpty { break }
            }
            return lives
        }
    }

    private var now: Double { began.duration(to: .now) / .seconds(1) }

    private func live(until end: Double) async throws -> [SoakSample] {
        let life = try await server.startReady()
        stage.begin()
        if tally.interval == .zero { try await setPace() }
        var samples: [SoakSample] = []
        while now < end, tally.faults.isEmpty {
            try await Task.sleep(for: .seconds(1))
            guard let sample = SoakSample(seconds: now, pid: life.pid, database: server.database) else {
                throw HarnessError("the gateway ended by itself with \(await life.ended()): \(life.errors.text)")
            }
            samples.append(sample)
        }
        if end >= seconds { stage.close() }
        _ = await life.stopped(by: SIGKILL)
        return samples
    }

    /// Measures what the callers get done without a rest, and makes them rest so that it is four fifths of that.
    private func setPace() async throws {
        try await Task.sleep(for: .seconds(5))
        let (before, start) = (tally.actions, now)
        try await Task.sleep(for: .seconds(15))
        let rate = Double(tally.actions - before) / (now - start)
        print("soak: \(Int(rate)) actions a second at full rate, paced at \(Int(rate * 0.8))")
        tally.interval = .seconds(Double(SoakRun.clients) / (rate * 0.8))
    }

    /// The samples of a life that are judged.
    static func judged(_ life: [SoakSample]) -> [SoakSample] {
        guard let start = life.first?.seconds else { return [] }
        return life.filter { $0.seconds >= start + warmUp }
    }
}
