package import SluiceStore
package import SluiceTypes

extension MemoryStore {
    package func wake(at now: Timestamp) async throws(StoreError) -> Int {
        try run { (state) throws(StoreError) in
            let ends = Set(state.spend.values.flatMap(\.self).map(\.window.afterEnd) + [BudgetWindow.never])
            let waiting = state.jobs { $0.state == .queued && $0.runAt > now && ends.contains($0.runAt) }
            for job in waiting {
                var job = job
                job.queue(at: now)
                state.put(job)
            }
            return waiting.count
        }
    }

    package func setPrice(_ setting: PriceSetting, audit: AuditEntry) async throws(StoreError) {
        try run { (state) throws(StoreError) in
            state.prices.removeAll { $0.provider == setting.provider && $0.model == setting.model }
            if !setting.prices.isEmpty { state.prices.append(setting) }
            state.people.append(audit)
        }
    }

    package func setPrices() async throws(StoreError) -> [PriceSetting] {
        try run { (state) throws(StoreError) in
            state.prices.sorted { ($0.provider, $0.model) < ($1.provider, $1.model) }
        }
    }

    package func unpricedLines(provider: String, model: String) async throws(StoreError) -> Int {
        try run { (state) throws(StoreError) in
            state.ledger.values.flatMap(\.values).count { line in
                line.key.provider == provider && line.key.model == model && line.entry.cost.state == .unpriced
            }
        }
    }
}
