package import SluiceStore
package import SluiceTypes

extension MemoryStore {
    package func lines(of job: JobID) async throws(StoreError) -> [LedgerLine] {
        try run { (state) throws(StoreError) in
            state.ledger.values.filter { $0.job == job }.sorted { $0.epoch < $1.epoch }
        }
    }

    package func usage(in days: ClosedRange<Int64>) async throws(StoreError) -> [UsageDay] {
        try run { (state) throws(StoreError) in
            state.usage.filter { days.contains($0.key.day) }.map { key, sums in
                UsageDay(
                    day: key.day,
                    owner: key.owner,
                    token: key.token,
                    provider: key.provider,
                    model: key.model,
                    sums: sums
                )
            }
        }
    }

    package func cutLedger(at now: Timestamp, limit: Int) async throws(StoreError) -> Int {
        try run { (state) throws(StoreError) in state.cutLedger(at: now, limit: limit) }
    }
}
