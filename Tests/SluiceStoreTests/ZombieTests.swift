import SluiceStore
import SluiceTesting
import Testing

/// Claims that are let go after the job was given to another.
@Suite("A zombie changes nothing")
struct ZombieTests {
    private static let zombies = SuiteSettings.size("SLUICE_ZOMBIES", standard: 500)

    @Test("in memory")
    func inMemory() async throws {
        let seed = SuiteSettings.seed()
        print("zombies in memory: SLUICE_SEED=\(seed)")
        let summary = try await ZombieRun(seed: seed).run(Self.zombies, on: MemoryStore())
        print("zombies in memory: \(summary)")
    }

    @Test("in SQLite")
    func inSQLite() async throws {
        let seed = SuiteSettings.seed()
        print("zombies in SQLite: SLUICE_SEED=\(seed)")
        try await withLightDirectory { directory in
            try await withStore(in: directory) { store in
                let summary = try await ZombieRun(seed: seed).run(Self.zombies, on: store)
                print("zombies in SQLite: \(summary)")
            }
        }
    }

    /// A suite that can't fail proves nothing.
    @Test("and a store without the guard is found out", arguments: [MemoryStore.Fault.ignoresEpoch, .dropsLateAnswers])
    func notices(_ fault: MemoryStore.Fault) async {
        await #expect(throws: ConformanceFailure.self) {
            _ = try await ZombieRun(seed: 1).run(90, on: MemoryStore(fault: fault))
        }
    }
}
