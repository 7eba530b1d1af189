package import SluiceStore
package import SluiceTypes

extension MemoryStore {
    package func setLimits(
        of subject: LimitSubject,
        to limits: SpendingLimits?,
        at now: Timestamp,
        audit: AuditEntry
    ) async throws(StoreError) {
        try run { (state) throws(StoreError) in
            state.setLimits(of: subject, to: limits, at: now)
            state.people.append(audit)
        }
    }

    package func limits() async throws(StoreError) -> [LimitRecord] {
        try run { (state) throws(StoreError) in state.limitRecords }
    }

    package func spend() async throws(StoreError) -> [SpendRecord] {
        try run { (state) throws(StoreError) in state.spend.values.flatMap(\.self) }
    }

    package func queueSizes() async throws(StoreError) -> [String: QueueSize] {
        try run { (state) throws(StoreError) in state.queueSizes }
    }

    package func alarms(notOverAt moment: Timestamp) async throws(StoreError) -> [SpendRecord] {
        try run { (state) throws(StoreError) in
            state.spend.values.flatMap(\.self).filter { record in
                record.told > state.alarmed[record.account]?[record.window.begin] ?? 0
                    && record.window.end.map { $0 > moment } ?? true
            }.sorted { $0.window.begin > $1.window.begin }
        }
    }

    package func noteAlarmed(_ record: SpendRecord) async throws(StoreError) {
        try run { (state) throws(StoreError) in
            let told = state.spend[record.account]?.first { $0.window.begin == record.window.begin }?.told ?? 0
            guard told >= record.told else { return }
            let known = state.alarmed[record.account]?[record.window.begin] ?? 0
            state.alarmed[record.account, default: [:]][record.window.begin] = max(known, record.told)
        }
    }

    package var disk: DiskUse? { nil }

    package func observe(wantsSpans: Bool, _ observer: @escaping @Sendable (CommitNews) -> Void) {
        try? run { (state) throws(StoreError) in (state.observer, state.tellsSpans) = (observer, wantsSpans) }
    }
}

extension MemoryState {
    var limitRecords: [LimitRecord] {
        let own = limits.map { LimitRecord($0.key, $0.value) }
        let shared = shares.compactMap { token, other in
            limits[.token(other)].map { LimitRecord(.token(token), $0, sharedWith: other) }
        }
        return own + shared
    }

    mutating func setLimits(of subject: LimitSubject, to new: SpendingLimits?, at now: Timestamp) {
        if case .token(let token) = subject { shares[token] = nil }
        limits[subject] = new
        let old = spend.removeValue(forKey: subject.id) ?? []
        let ends = old.map(\.window.afterEnd) + [BudgetWindow.never]
        let owner =
            switch subject {
            case .owner(let owner): owner
            case .token(let token): people.token(token)?.owner
            }
        for job in jobs(where: { $0.state == .queued && $0.owner == owner && $0.runAt > now && ends.contains($0.runAt) }
        ) {
            var job = job
            job.queue(at: now)
            put(job)
        }
        guard let budget = new?.budget else { return }
        let window = budget.window(at: now)
        let record = LimitRecord(subject, SpendingLimits())
        let counted = ledger.values.flatMap(\.values).reduce(Int64(0)) { sum, line in
            guard window.contains(line.key.at), accounts(of: line.key).contains(record.account) else { return sum }
            return LedgerSums.add(sum, line.entry.counted)
        }
        let mark = SpendRecord.mark(counted, of: budget.amount)
        let now = SpendRecord(account: subject.id, window: window, counted: counted, told: mark)
        spend[subject.id] = [now]
        alarmed[subject.id] = [window.begin: mark]
        observer?(CommitNews(spent: [now]))
    }

    /// By whose ids a line is added up, where they have limits.
    private func accounts(of key: LedgerKey) -> [String] {
        let token = key.token.map { shares[$0] ?? $0 }
        return [key.owner.rawValue, token?.rawValue].compactMap(\.self)
    }

    /// Adds to what was spent.
    mutating func spend(_ counted: Int64, of job: JobID, epoch: Int64, _ key: LedgerKey) {
        let ids = accounts(of: key)
        let budgets = limits.filter { ids.contains($0.key.id) && $0.value.budget != nil }
        guard !budgets.isEmpty else { return }
        var news = CommitNews(posted: [job: epoch])
        for (subject, limits) in budgets {
            guard let budget = limits.budget else { continue }
            let window = budget.window(at: key.at)
            var records = spend[subject.id] ?? []
            var place = records.firstIndex { $0.window.begin == window.begin }
            if place == nil, records.allSatisfy({ $0.window.begin < window.begin }) {
                records.append(SpendRecord(account: subject.id, window: window, counted: 0))
                place = records.count - 1
            }
            guard let place else { continue }
            records[place].counted = LedgerSums.add(records[place].counted, counted)
            let mark = SpendRecord.mark(records[place].counted, of: budget.amount)
            if mark > records[place].told {
                records[place].told = mark
                people.append(AuditEntry(reached: records[place], at: key.at))
                news.reached.append(records[place])
            }
            news.spent.append(records[place])
            spend[subject.id] = records
        }
        observer?(news)
    }
}
