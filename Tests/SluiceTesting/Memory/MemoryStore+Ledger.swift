package import SluiceStore
package import SluiceTypes

extension MemoryStore {
    package func lines(of job: JobID) async throws(StoreError) -> [LedgerLine] {
        try run { (state) throws(StoreError) in
            (state.ledger[job] ?? [:]).values.sorted { $0.epoch < $1.epoch }
        }
    }

    package func lines(since moment: Timestamp, limit: Int) async throws(StoreError) -> [LedgerLine] {
        try run { (state) throws(StoreError) in
            let lines = state.ledger.values.flatMap(\.values).filter { $0.key.at >= moment }
            return Array(lines.sorted { $0.key.at > $1.key.at }.prefix(max(limit, 0)))
        }
    }

    package func usage(_ query: UsageQuery) async throws(StoreError) -> [UsageSum] {
        if query.readsLines { return try usageOfLines(query) }
        return try run { (state) throws(StoreError) in
            let asked = state.usage.filter { key, _ in
                query.days.contains(key.day) && query.owner.map { $0 == key.owner } ?? true
                    && query.token.map { $0 == key.token } ?? true
                    && query.provider.map { $0 == key.provider } ?? true
                    && query.model.map { $0 == key.model } ?? true && query.tag.map { $0 == key.tag } ?? true
            }
            let parts = query.parts
            if parts.isEmpty {
                let sums = asked.values.reduce(LedgerSums(), +)
                return sums.isZero ? [] : [UsageSum(sums: sums)]
            }
            let groups = Dictionary(grouping: asked) { key, _ in
                UsageSum(
                    day: parts.contains(.day) ? key.day : nil,
                    owner: parts.contains(.owner) ? key.owner : nil,
                    token: parts.contains(.token) ? key.token : nil,
                    provider: parts.contains(.provider) ? key.provider : nil,
                    model: parts.contains(.model) ? key.model : nil,
                    tag: parts.contains(.tag) ? key.tag : nil,
                    sums: LedgerSums()
                )
            }
            return groups.map { group, days in
                var group = group
                group.sums = days.map(\.value).reduce(LedgerSums(), +)
                return group
            }.filter { !$0.sums.isZero }
        }
    }

    private func usageOfLines(_ query: UsageQuery) throws(StoreError) -> [UsageSum] {
        try run { (state) throws(StoreError) in
            let asked = state.ledger.values.flatMap(\.values).filter { line in
                let key = line.key
                return query.days.contains(key.day) && query.owner.map { $0 == key.owner } ?? true
                    && query.token.map { $0 == key.token } ?? true
                    && query.provider.map { $0 == key.provider } ?? true
                    && query.model.map { $0 == key.model } ?? true && query.tag.map { $0 == key.tag } ?? true
                    && query.session.map { $0 == key.session } ?? true
            }
            let parts = query.parts
            let groups = Dictionary(grouping: asked) { line in
                UsageSum(
                    day: parts.contains(.day) ? line.key.day : nil,
                    owner: parts.contains(.owner) ? line.key.owner : nil,
                    token: parts.contains(.token) ? line.key.token : nil,
                    provider: parts.contains(.provider) ? line.key.provider : nil,
                    model: parts.contains(.model) ? line.key.model : nil,
                    tag: parts.contains(.tag) ? line.key.tag : nil,
                    session: parts.contains(.session) ? line.key.session : nil,
                    sums: LedgerSums()
                )
            }
            return groups.map { group, lines in
                var group = group
                group.sums = lines.map { LedgerSums($0.entry) }.reduce(LedgerSums(), +)
                return group
            }.filter { !$0.sums.isZero }
        }
    }

    /// Writes a line down, of an attempt of its own.
    package func post(_ entry: LedgerEntry, _ key: LedgerKey) async {
        let id = JobID.generate(at: key.at)
        try? run { (state) throws(StoreError) in _ = state.post(entry, of: id, epoch: 1, key) }
    }

    package func cutLedger(at now: Timestamp, limit: Int) async throws(StoreError) -> Int {
        try run { (state) throws(StoreError) in state.cutLedger(at: now, limit: limit) }
    }
}
