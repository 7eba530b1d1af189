import Foundation
import Glibc
import LoopbackProvider
import SluiceTesting
import Testing

/// Whether the jobs' usage is what the provider charged for.
///
/// `SLUICE_BILL_CALLS` says how many calls each of the two runs makes, `SLUICE_SEED` repeats a run's choices.
@Suite("The bill", .timeLimit(.minutes(60)))
struct BillTests {
    private static let clients = 16
    private static let calls = SuiteSettings.size("SLUICE_BILL_CALLS", standard: 600)

    private static let providers: @Sendable (String) -> String = { url in
        let chats = ChatFormat.allCases.map {
            SDKStand.Row(
                name: $0.rawValue,
                adapter: $0.adapter,
                models: "\($0.rawValue)-*",
                more: BillProvider.prices("\($0.rawValue)-*")
            )
        }
        let rows =
            chats + [
                SDKStand.Row(
                    name: "completions",
                    adapter: "openai-completion",
                    type: "completion",
                    models: "text-hello",
                    more: BillProvider.prices("text-hello")
                ),
                SDKStand.Row(
                    name: "embeddings",
                    adapter: "openai-embedding",
                    type: "embedding",
                    models: "embed-small",
                    more: BillProvider.prices("embed-small")
                ),
            ]
        return #"{"version": 1, "providers": [\#(rows.map { $0.json(at: url) }.joined(separator: ",\n"))]}"#
    }

    @Test("is the provider's, to the token, as long as nobody kills the gateway")
    func undisturbed() async throws {
        let (verdict, _) = try await Self.play(kills: false)
        #expect(verdict.faults.isEmpty)
        #expect(verdict.booked == verdict.charged)
        // To the nano-dollar.
        #expect(verdict.ledger.low == verdict.chargedMoney && verdict.ledger.high == verdict.chargedMoney)
        #expect(verdict.shownMoney == verdict.chargedMoney)
        #expect(verdict.unclear == 0 && verdict.without == 0)
    }

    @Test("lacks but what was under way when the gateway was killed, and the jobs say so")
    func killed() async throws {
        let (verdict, kills) = try await Self.play(kills: true)
        #expect(kills > 0)
        #expect(verdict.faults.isEmpty)
        #expect(verdict.booked <= verdict.charged && verdict.booked > 0)
        // Sixteen callers, and what came from the queue.
        #expect(verdict.unclear + verdict.without <= kills * 64)
    }

    private static func seen(at port: Int) async throws -> MetricsSeen {
        MetricsSeen(try await Command.shell("curl -sS http://127.0.0.1:\(port)/metrics").output)
    }

    private static func play(kills: Bool) async throws -> (BillVerdict, kills: Int) {
        let seed = SuiteSettings.seed()
        let provider = BillProvider()
        let loopback = try await provider.start()
        let home = try Home(providers(loopback.url))
        let port = try FreePort.find(from: 20_000 + Int(seed % 9000))
        let metrics = try FreePort.find(from: port + 1)
        let server = CrashServer(home: home, port: port, arguments: ["--metrics-address", "127.0.0.1:\(metrics)"])
        var life = try await server.startReady()
        let token = try await home.token("one")
        let (stage, book) = (CrashStage(), BillBook())
        let killed = try await withThrowingTaskGroup(of: Void.self) { group in
            defer { stage.close() }
            for number in 1...clients {
                group.addTask {
                    try await Blocking.run {
                        let caller = CrashCaller(port: port, tokens: [token], stage: stage)
                        var client = BillClient(number: number, seed: seed, caller: caller, stage: stage, book: book)
                        client.run { provider.calls >= calls }
                    }
                }
            }
            var (dice, killed) = (SeededRandom(seed: seed), 0)
            stage.begin()
            while kills, provider.calls < calls, book.faults.isEmpty {
                try await Task.sleep(for: .milliseconds(Int.random(in: 100...700, using: &dice)))
                _ = await life.stopped(by: SIGKILL)
                killed += 1
                life = try await server.startReady()
                // Jobs go from state to state, a few may come, and none goes.
                let stored = try BillAccount.jobs(in: server.database)
                let shown = try await seen(at: metrics).sum("sluice_jobs")
                let all = stored...max(stored, try BillAccount.jobs(in: server.database))
                if !all.contains(shown) { book.note(fault: "\(all) jobs are stored, and the metrics tell of \(shown)") }
                stage.begin()
            }
            try await group.waitForAll()
            return killed
        }
        // What runs is finished and settled; what is queued has cost nothing.
        var last = try await seen(at: metrics)
        while last.sum("sluice_jobs", ["status": "running"]) + last.sum("sluice_jobs", ["status": "queued"]) > 0 {
            try Task.checkCancellation()
            last = try await seen(at: metrics)
        }
        guard await life.stopped(by: SIGTERM) == 0 else { throw HarnessError("no orderly stop: \(life.errors.text)") }
        await loopback.stop()
        let account = try BillAccount(file: server.database)
        var verdict = BillVerdict(account, provider.charges, answered: book.answered)
        verdict.faults += book.faults
        verdict.shownMoney = Int64(last.sum("sluice_cost_nanousd_total"))
        print(
            "bill: SLUICE_SEED=\(seed), \(provider.calls) calls, \(killed) kills; the provider charged \(verdict.charged) tokens, "
                + "the jobs know of \(verdict.booked); \(verdict.unclear) calls are said to be unclear, "
                + "\(verdict.without) were under way before their job was stored"
        )
        for fault in verdict.faults.prefix(10) { print("bill: \(fault)") }
        return (verdict, killed)
    }
}
