import SluiceStore
import SluiceTesting
import Testing

/// Random operations beside a model of what must come of them: `SLUICE_MODEL_OPERATIONS` in all, from `SLUICE_SEED`.
@Suite("Random operations follow the model")
struct ModelTests {
    private static let operations = SuiteSettings.size("SLUICE_MODEL_OPERATIONS", standard: 100_000)
    /// A commit takes its time: a tenth of them is SQLite's.
    private static let onDisk = operations / 10

    @Test("in memory")
    func inMemory() async throws {
        let seed = SuiteSettings.seed()
        print("model in memory: \(Self.operations - Self.onDisk) operations, SLUICE_SEED=\(seed)")
        let summary = try await ModelRun(seed: seed, operations: Self.operations - Self.onDisk) {
            MemoryStore(retention: $0)
        }.run()
        print("model in memory: \(summary)")
    }

    @Test("in SQLite, through crashes")
    func inSQLite() async throws {
        let seed = SuiteSettings.seed()
        print("model in SQLite: \(Self.onDisk) operations, SLUICE_SEED=\(seed)")
        try await withCrashes { crashes in
            let run = ModelRun(seed: seed, operations: Self.onDisk, crash: crashes.crash, crashes.open)
            let summary = try await run.run()
            print("model in SQLite: \(summary), \(crashes.count) times recovered from what a crash left")
        }
    }

    /// A suite that can't fail proves nothing: each guard is taken out once.
    @Test("and notice every fault", arguments: MemoryStore.Fault.allCases)
    func notices(_ fault: MemoryStore.Fault) async {
        await #expect(throws: ConformanceFailure.self) {
            for seed in 1...3 as ClosedRange<UInt64> {
                try await ModelRun(seed: seed, operations: 3000) { MemoryStore(retention: $0, fault: fault) }.run()
            }
        }
    }
}
