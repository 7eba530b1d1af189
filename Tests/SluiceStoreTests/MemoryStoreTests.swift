import SluiceStore
import SluiceTesting
import SluiceTypes
import Testing

@Suite struct MemoryStoreTests {
    @Test(arguments: StoreConformance.checks)
    func conforms(_ check: StoreConformance.Check) async throws {
        try await StoreConformance { MemoryStore(retention: $0) }.run(check)
    }

    @Test func refusesEverythingDuringAnOutage() async throws {
        let store = MemoryStore()
        let error = StoreError(.full, "the disk is full")
        store.set(outage: .refusing(error))
        await #expect(throws: error) { try await store.checkWritable() }
        await #expect(throws: error) { try await store.counts() }
        store.set(outage: nil)
        try await store.checkWritable()
    }
}

/// A suite that can't fail proves nothing: each guard is taken out once.
@Suite struct FaultTests {
    @Test(arguments: MemoryStore.Fault.allCases)
    func theSuiteNotices(_ fault: MemoryStore.Fault) async {
        let suite = StoreConformance { MemoryStore(retention: $0, fault: fault) }
        var broken: [String] = []
        for check in StoreConformance.checks {
            do { try await suite.run(check) } catch { broken.append("\(check.name): \(error)") }
        }
        #expect(!broken.isEmpty, "no check notices \(fault)")
    }

    @Test func everyGuaranteeHasAFault() {
        let shown = Set(MemoryStore.Fault.allCases.compactMap(\.guarantee))
        #expect(shown == Set((1...10).map { "I\($0)" }))
    }
}
