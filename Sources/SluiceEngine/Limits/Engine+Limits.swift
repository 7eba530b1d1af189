import Logging
package import SluiceStore
package import SluiceTypes
import Synchronization

extension Engine {
    /// Takes what owners and tokens may do, and what they have spent.
    func loadLimits() async throws(StoreError) {
        room.load(try await store.queueSizes())
        let records = try await store.limits()
        guard !records.isEmpty else { return }
        treasury.load(records, spent: try await store.spend(), used: try await usedLately(records))
    }

    /// What each account has used within the last minute, by lines that began then: a restart gives nothing away.
    private func usedLately(
        _ records: [LimitRecord]
    ) async throws(StoreError) -> [String: (requests: Int64, tokens: Int64)] {
        guard records.contains(where: { $0.limits.requestsPerMinute != nil || $0.limits.tokensPerMinute != nil })
        else { return [:] }
        var used: [String: (requests: Int64, tokens: Int64)] = [:]
        let accounts = Dictionary(records.map { ($0.subject, $0.account) }) { first, _ in first }
        for line in try await store.lines(since: time.now().adding(.seconds(-60)), limit: Engine.mostRecentLines) {
            let tokens = line.entry.units.summed
            let count = LedgerSums.add(tokens[Usage.Unit.input] ?? 0, tokens[Usage.Unit.output] ?? 0)
            let subjects = [.owner(line.key.owner)] + (line.key.token.map { [LimitSubject.token($0)] } ?? [])
            for account in Set(subjects.compactMap { accounts[$0] }) {
                let known = used[account] ?? (0, 0)
                used[account] = (known.requests + 1, known.tokens + max(0, min(count, 100_000_000)))
            }
        }
        return used
    }

    /// So many lines of the last minute are looked at.
    private static let mostRecentLines = 100_000

    /// Sets what an owner or a token may do; it holds at once.
    ///
    /// - Throws: ``StoreError``.
    package func setLimits(
        of subject: LimitSubject,
        to limits: SpendingLimits?,
        audit: AuditEntry
    ) async throws(StoreError) {
        try await store.setLimits(of: subject, to: limits, at: time.now(), audit: audit)
        try await reloadLimits()
    }

    /// Takes limits that have changed in the store.
    ///
    /// - Throws: ``StoreError``.
    package func reloadLimits() async throws(StoreError) {
        let ticket = limitReadings.add(1, ordering: .relaxed).newValue
        treasury.change(try await store.limits(), spent: try await store.spend(), ticket: ticket)
        try await noteGroups()
        switchboard.doorbell.ring()
    }

    /// How the limits stand that are kept under an id; nil without any.
    package func standing(_ account: String) -> LimitStanding? { treasury.standing(account) }

    /// How the rates of whoever calls stand; of those alone that are limited.
    package func rates(_ owner: OwnerID, _ token: TokenID?) -> [RateState] { treasury.rates(owner, token) }

    /// The store has committed something.
    func note(_ news: CommitNews) {
        room.note(news.queues, isWhole: news.isWhole)
        tally.note(news.counts, isWhole: news.isWhole)
        observation.note(.committed(news))
        for group in treasury.note(news) { switchboard.note(group, dueAt: time.now()) }
        if !news.reached.isEmpty { poster.look() }
        for record in news.reached {
            logger.warning(
                "a budget is used up to \(record.told) %",
                metadata: ["account": "\(record.account)", "window": "\(record.window.begin)"]
            )
        }
    }
}
