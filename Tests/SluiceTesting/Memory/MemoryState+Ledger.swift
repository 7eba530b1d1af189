import SluiceStore
import SluiceTypes

extension MemoryState {
    /// Closes an attempt, and writes down what it used, as by ``LedgerRule``.
    mutating func close(
        _ job: inout MemoryJob,
        _ epoch: Int64,
        as outcome: AttemptOutcome,
        _ report: AttemptReport,
        finish: String? = nil,
        output: AttemptOutput? = nil
    ) {
        guard let attempt = job.attempt(epoch) else { return }
        let start = attempt.start
        var report = report
        if attempt.outcome == nil {
            let ending = AttemptEnding(
                job: job.id,
                epoch: epoch,
                operation: job.facts.operation,
                row: start.row,
                model: start.model,
                outcome: outcome,
                startedAt: start.startedAt,
                report
            )
            observer?(CommitNews(attempts: [ending]))
            if tellsSpans {
                observer?(CommitNews(spans: [.attempt(ending, of: job.traced, finish: finish)]))
            }
        }
        if let entry = LedgerRule.entry(closing: outcome, report) {
            report.entry = post(
                entry,
                of: job.id,
                epoch: epoch,
                LedgerKey(job.facts, start, secret: MemoryStore.secret)
            )
        }
        job.close(epoch, as: outcome, report, output: output)
    }

    /// What the line says afterwards.
    @discardableResult
    mutating func post(_ entry: LedgerEntry, of job: JobID, epoch: Int64, _ key: LedgerKey) -> LedgerEntry {
        let key = narrowed(key, entry)
        let entry = entry.withShortWords
        let old = ledger[job]?[epoch]
        if fault == .postsTwice { usage[LedgerDay(old?.key ?? key), default: LedgerSums()] += LedgerSums(entry) }
        let now = fault == .overwritesPrices ? entry : LedgerRule.entry(old?.entry, entry)
        if LedgerRule.move(old?.entry, entry) != .ignored {
            let posting = LedgerPosting(
                owner: key.owner,
                provider: key.provider,
                model: key.model,
                isModelPriced: entry.price?.origin.namesModel == true,
                difference: LedgerRule.difference(old?.entry, entry)
            )
            observer?(CommitNews(postings: [posting]))
        } else {
            observer?(CommitNews(ignored: 1))
        }
        if fault != .spendsNothing {
            let counted = LedgerRule.difference(old?.entry, entry).counted
            if old == nil || LedgerRule.move(old?.entry, entry) != .ignored {
                spend(counted, of: job, epoch: epoch, old?.key ?? key)
            }
        }
        if fault != .postsTwice {
            usage[LedgerDay(old?.key ?? key), default: LedgerSums()] += LedgerRule.difference(old?.entry, entry)
        }
        if now != old?.entry { changes.removeAll { $0.job == job && $0.epoch == epoch } }
        ledger[job, default: [:]][epoch] = LedgerLine(job: job, epoch: epoch, key: old?.key ?? key, entry: now)
        return now
    }

    /// Takes the provider's own words out of what is told of a job's usage.
    mutating func dropWords(of job: inout MemoryJob, strangers: Set<String>) {
        for place in changes.indices where changes[place].job == job.id {
            if case .unpriced(let reason, let low) = changes[place].before.cost {
                let word = reason.split(separator: " ").first.map(String.init) ?? ""
                changes[place].before.cost = .unpriced(reason: word, low: low)
            }
        }
        for attempt in job.attempts {
            guard let old = ledger[job.id]?[attempt.epoch] else { continue }
            var line = old
            line.key = old.key.withoutWords(strangers: strangers)
            line.entry = old.entry.withoutWords(strangers: strangers)
            usage[LedgerDay(old.key), default: LedgerSums()] += LedgerSums() - LedgerSums(old.entry)
            usage[LedgerDay(line.key), default: LedgerSums()] += LedgerSums(line.entry)
            ledger[job.id]?[attempt.epoch] = line
        }
        job.dropWords(strangers: strangers)
    }

    /// The key of a line whose tag, or whose model that nobody has written a price for, is one too many of its owner's day.
    private func narrowed(_ key: LedgerKey, _ entry: LedgerEntry) -> LedgerKey {
        var key = key
        let days = usage.filter { $0.key.owner == key.owner && $0.key.day == key.day }
        let tags = Set(days.keys.compactMap(\.tag))
        if let tag = key.tag, tags.count >= 200, !tags.contains(tag) { key.tag = UsageTag.others }
        let models = Set(days.keys.map(\.model))
        if entry.price?.origin.namesModel != true, models.count >= 200, !models.contains(key.model) {
            key.model = UsageTag.others
        }
        return key
    }

    /// Of all lines of the oldest days, and then of their sums, as many as `limit`.
    mutating func cutLedger(at now: Timestamp, limit: Int) -> Int {
        let day = LedgerKey.day(of: now.adding(.zero - retention.ledger))
        let old = ledger.values.flatMap(\.values).filter { $0.key.day < day }.sorted { $0.key.at < $1.key.at }.prefix(
            max(limit, 0)
        )
        for line in old {
            ledger[line.job]?[line.epoch] = nil
            changes.removeAll { $0.job == line.job && $0.epoch == line.epoch }
        }
        guard old.isEmpty else { return old.count }
        runs.removeAll { run in
            LedgerKey.day(of: run.begunAt) < day && !changes.contains { $0.run == run.id }
        }
        let first = LedgerKey.day(of: now.adding(.zero - retention.usage))
        let days = usage.keys.filter { $0.day < first }.prefix(max(limit, 0))
        for day in days { usage[day] = nil }
        return days.count
    }
}

/// Under which key sums of a day stand.
struct LedgerDay: Hashable, Sendable {
    var owner: OwnerID
    var token: TokenID?
    var provider: String
    var model: String
    var tag: String?
    var day: Int64

    init(_ key: LedgerKey) {
        (owner, token, provider, model) = (key.owner, key.token, key.provider, key.model)
        (tag, day) = (key.tag, key.day)
    }
}

extension LedgerSums {
    static func += (left: inout LedgerSums, right: LedgerSums) { left = left + right }
}
