import SluiceStore
import SluiceTesting
import Testing

/// Every order in which workers, rescuers, operators and clients can come to the store.
@Suite("Whatever the order of operations, the guarantees hold")
struct InterleavingTests {
    @Test("every order, in memory", arguments: Scenario.all)
    func everyOrder(_ scenario: Scenario) async throws {
        let summary = try await Explorer(seed: 1).tryEveryOrder(of: scenario)
        print("\(scenario): \(summary.orders) orders of up to \(summary.deepest) moves")
    }

    /// `SLUICE_ORDERS` of them, from `SLUICE_SEED`.
    @Test("orders drawn by lot, in SQLite")
    func drawnOrders() async throws {
        let seed = SuiteSettings.seed()
        let count = SuiteSettings.size("SLUICE_ORDERS", standard: 1000)
        print("interleavings in SQLite: \(count) orders, SLUICE_SEED=\(seed)")
        try await withDirectory { directory in
            try await withStore(in: directory) { store in
                let summary = try await Explorer(seed: seed).drawOrders(count, on: store)
                print("interleavings in SQLite: \(summary)")
            }
        }
    }

    /// A suite that can't fail proves nothing: without the epoch, or any other guard, some order must break something.
    @Test("some order shows every fault", arguments: MemoryStore.Fault.allCases)
    func shows(_ fault: MemoryStore.Fault) async throws {
        var shortest: ConformanceFailure?
        var shown: [String] = []
        for scenario in Scenario.all {
            do {
                _ = try await Explorer(seed: 1).tryEveryOrder(of: scenario, fault: fault)
            } catch let failure as ConformanceFailure {
                shown.append(scenario.name)
                let isShorter = shortest.map { failure.message.count < $0.message.count } ?? true
                if isShorter { shortest = failure }
            }
        }
        #expect(!shown.isEmpty, "no order shows \(fault)")
        print("\(fault): shown by \(shown.count) of \(Scenario.all.count) scenarios; \(shortest?.message ?? "")")
    }
}
