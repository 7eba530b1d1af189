import Foundation
import Glibc
import LoopbackProvider
import SluiceTesting
import Testing

/// An hour of load: memory that does not grow, a WAL that stays bounded.
///
/// `make soak` runs it; `SLUICE_SOAK_MINUTES` switches it on, `SLUICE_SOAK_ARGUMENTS` are added to `sluice serve`, and
/// `SLUICE_SOAK_CSV` names a file for the samples.
@Suite(.timeLimit(.minutes(600))) struct SoakTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let largestWAL = 256.0

    @Test(.enabled(if: environment["SLUICE_SOAK_MINUTES"] != nil, "make soak runs it"))
    func memoryDoesNotGrowAndTheWALStaysBounded() async throws {
        let minutes = Self.environment["SLUICE_SOAK_MINUTES"].flatMap { Double($0) } ?? 60
        let seed = SuiteSettings.seed()
        print("soak: \(minutes) minutes, SLUICE_SEED=\(seed)")
        let provider = try await SoakRun.provider(seed: seed)
        let home = try Home(Home.openAI(at: provider.url, #","concurrency":32"#))
        let arguments = (Self.environment["SLUICE_SOAK_ARGUMENTS"] ?? "").split(separator: " ").map(String.init)
        let port = try FreePort.find(from: 20_000 + Int(seed % 9000))
        let server = CrashServer(home: home, port: port, arguments: arguments)
        let first = try await server.startReady()
        let tokens = [try await home.token("one"), try await home.token("two")]
        _ = await first.stopped(by: SIGTERM)

        let run = SoakRun(server: server, seed: seed, seconds: minutes * 60)
        let lives = try await run.play(tokens: tokens)
        await provider.stop()
        try Self.write(lives)
        for (number, life) in lives.enumerated() { Self.tell(life, number + 1) }
        let wal = lives.joined().map(\.wal).max() ?? 0
        print("soak: \(run.tally.actions) actions, \(lives.count - 1) kills, largest WAL \(Int(wal)) MB")
        #expect(run.tally.faults.isEmpty)
        #expect(wal <= Self.largestWAL)
        let judged = SoakRun.judged(lives.last ?? [])
        guard let slope = SoakSlope(judged) else {
            return print("soak: too short to judge the memory; the last life should last for ten minutes")
        }
        let mean = judged.map(\.memory).reduce(0, +) / Double(judged.count)
        #expect(!slope.isClear(of: mean), "the memory grows by \(slope.perHour) MB an hour, ± \(slope.error)")
    }

    private static func tell(_ life: [SoakSample], _ number: Int) {
        guard let first = life.first, let last = life.last else { return }
        let slope =
            SoakSlope(SoakRun.judged(life)).map { "\(Int($0.perHour)) ± \(Int($0.error)) MB/h" } ?? "too short to tell"
        print(
            "life \(number): \(Int(last.seconds - first.seconds)) s, memory \(Int(first.memory)) to \(Int(last.memory)) MB, "
                + "growth after the start \(slope), database \(Int(last.database)) MB, "
                + "largest WAL \(Int(life.map(\.wal).max() ?? 0)) MB"
        )
    }

    private static func write(_ lives: [[SoakSample]]) throws {
        guard let path = environment["SLUICE_SOAK_CSV"] else { return }
        let lines = lives.enumerated().flatMap { number, life in
            life.map { "\(number + 1),\($0.seconds),\($0.memory),\($0.database),\($0.wal)" }
        }
        let text = (["life,seconds,memory_mb,database_mb,wal_mb"] + lines).joined(separator: "\n") + "\n"
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    }
}

/// The judgement must be able to fail, and must not take noise for growth.
@Suite struct SoakSlopeTests {
    private static func samples(perHour: Double, noise: Double) -> [SoakSample] {
        (0..<1800).map { second in
            let wave = noise * sin(Double(second) * 0.7)
            return SoakSample(seconds: Double(second), memory: 200 + perHour * Double(second) / 3600 + wave)
        }
    }

    @Test func aLeakIsClear() throws {
        let slope = try #require(SoakSlope(Self.samples(perHour: 60, noise: 10)))
        #expect(slope.isClear(of: 200))
        #expect(abs(slope.perHour - 60) < 5)
    }

    @Test(arguments: [0.0, 5, -60])
    func noiseIsNot(perHour: Double) throws {
        let slope = try #require(SoakSlope(Self.samples(perHour: perHour, noise: 10)))
        #expect(!slope.isClear(of: 200))
    }

    @Test func fiveMinutesAreTheLeast() {
        #expect(SoakSlope(Array(Self.samples(perHour: 60, noise: 0).prefix(200))) == nil)
    }
}
