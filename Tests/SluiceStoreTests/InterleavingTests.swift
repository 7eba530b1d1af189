import SluiceStore
import SluiceTesting
import Testing

/// Every order in which workers, rescuers, operators and clients can come to the store.
@Suite("Whatever the order of operations, the guarantees hold")
struct InterleavingTests {
    @Test("every order, in memory", arguments: Scenario.all)
    func everyOrder(_ scenario: Scenario) async throws {
        let summary = try await Explorer(seed: 1).tryEveryOrder(of: scenario)
        print("\(scenario): \(summary)")
    }

    /// `SLUICE_ORDERS` of them, from `SLUICE_SEED`.
    @Test("orders drawn by lot, in SQLite")
    func drawnOrders() async throws {
        let seed = SuiteSettings.seed()
        let count = SuiteSettings.size("SLUICE_ORDERS", standard: 2000)
        print("interleavings in SQLite: \(count) orders, SLUICE_SEED=\(seed)")
        try await withLightDirectory { directory in
            try await withStore(in: directory) { store in
                let summary = try await Explorer(seed: seed).drawOrders(count, on: store)
                print("interleavings in SQLite: \(summary)")
            }
        }
    }

    /// A suite that can't fail proves nothing: some order shows each guard that is missing.
    @Test("some order shows every fault", arguments: MemoryStore.Fault.allCases)
    func shows(_ fault: MemoryStore.Fault) async throws {
        for scenario in Scenario.all {
            do {
                _ = try await Explorer(seed: 1).tryEveryOrder(of: scenario, fault: fault)
            } catch let failure as ConformanceFailure {
                return print("\(fault) is shown: \(failure.message)")
            }
        }
        Issue.record("no order shows \(fault)")
    }

    @Test("without the epoch a worker of an old life ends a job that another runs")
    func needsTheEpoch() async throws {
        let failure = try #require(
            await #expect(throws: ConformanceFailure.self) {
                _ = try await Explorer(seed: 1).tryEveryOrder(of: .everyone, fault: .ignoresEpoch)
            }
        )
        let order = failure.message.split(separator: "\n").suffix(5)
        #expect(order.first?.hasPrefix("1. client submits job 0") == true)
        #expect(order.last == "5. old worker ends its claim: failForGood")
    }
}
