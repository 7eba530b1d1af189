import SluiceStore
import SluiceTypes

extension MemoryState {
    /// Closes an attempt, and writes down what it used, as by ``LedgerRule``.
    mutating func close(
        _ job: inout MemoryJob,
        _ epoch: Int64,
        as outcome: AttemptOutcome,
        _ report: AttemptReport,
        output: AttemptOutput? = nil
    ) {
        guard let start = job.attempt(epoch)?.start else { return }
        var report = report
        if let entry = LedgerRule.entry(closing: outcome, report) {
            report.entry = post(entry, of: job.id, epoch: epoch, LedgerKey(job.facts, start))
        }
        job.close(epoch, as: outcome, report, output: output)
    }

    /// What the line says afterwards.
    @discardableResult
    mutating func post(_ entry: LedgerEntry, of job: JobID, epoch: Int64, _ key: LedgerKey) -> LedgerEntry {
        let entry = entry.withShortWords
        let old = ledger[job]?[epoch]
        if fault == .postsTwice { usage[LedgerDay(old?.key ?? key), default: LedgerSums()] += LedgerSums(entry) }
        let now = fault == .overwritesPrices ? entry : LedgerRule.entry(old?.entry, entry)
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
    mutating func dropWords(of job: inout MemoryJob) {
        for attempt in job.attempts {
            ledger[job.id]?[attempt.epoch]?.entry.raw = []
        }
        job.dropWords()
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
    var day: Int64

    init(_ key: LedgerKey) {
        (owner, token, provider, model, day) = (key.owner, key.token, key.provider, key.model, key.day)
    }
}

extension LedgerSums {
    static func += (left: inout LedgerSums, right: LedgerSums) { left = left + right }
}
