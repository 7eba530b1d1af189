package import SluiceStore
package import SluiceTypes

/// What a run has changed in a line, as it was before.
struct MemoryChange: Sendable {
    var job: JobID
    var epoch: Int64
    var run: Int64
    var before: LedgerPricing
}

extension MemoryStore {
    package func beginRun(
        _ kind: LedgerRun.Kind,
        at now: Timestamp,
        audit: AuditEntry
    ) async throws(StoreError) -> LedgerRun {
        try run { (state) throws(StoreError) in
            let run = state.goOn(kind, at: now) ?? state.begin(kind, audit.actor, at: now)
            var audit = audit
            audit.subject = "run \(run.id)"
            state.people.append(audit)
            return run
        }
    }

    package func run(_ id: Int64) async throws(StoreError) -> LedgerRun? {
        try run { (state) throws(StoreError) in state.runs.first { $0.id == id } }
    }

    package func lines(
        _ query: RepricingQuery,
        after place: LedgerCursor?,
        limit: Int
    ) async throws(StoreError) -> LedgerPage {
        try run { (state) throws(StoreError) in
            let lines = state.linesByTime.filter { line in
                line.key.at >= query.since && line.key.at < query.until
                    && place.map { LedgerCursor(line).isBehind($0) } ?? true
            }
            let page = lines.prefix(max(limit, 1))
            return LedgerPage(
                lines: page.filter { query.matches($0) },
                next: page.count < max(limit, 1) ? nil : page.last.map { LedgerCursor($0) }
            )
        }
    }

    package func oldestLine() async throws(StoreError) -> Timestamp? {
        try run { (state) throws(StoreError) in state.linesByTime.first?.key.at }
    }

    package func changes(
        of run: Int64,
        after place: (job: JobID, epoch: Int64)?,
        limit: Int
    ) async throws(StoreError) -> [ChangedLine] {
        try self.run { (state) throws(StoreError) in
            let made = state.changes.filter { change in
                change.run == run && place.map { (change.job, change.epoch) > $0 } ?? true
            }
            return made.sorted { ($0.job, $0.epoch) < ($1.job, $1.epoch) }.prefix(max(limit, 0)).compactMap { change in
                guard let line = state.ledger[change.job]?[change.epoch] else { return nil }
                let runs = state.changes.filter { $0.job == change.job && $0.epoch == change.epoch }.map(\.run)
                return ChangedLine(line: line, before: change.before, lastRun: runs.max() ?? run)
            }
        }
    }

    package func change(
        _ changes: [LedgerChange],
        in run: Int64
    ) async throws(StoreError) -> LedgerChange.Outcome {
        try self.run { (state) throws(StoreError) in
            // One that has nothing else to do.
            LedgerChange.Outcome(made: changes.filter { state.make($0, in: run) }, operations: 0)
        }
    }

    package func endRun(_ id: Int64, at now: Timestamp, audit: AuditEntry) async throws(StoreError) {
        try run { (state) throws(StoreError) in
            if let place = state.runs.firstIndex(where: { $0.id == id }) { state.runs[place].endedAt = now }
            state.people.append(audit)
        }
    }
}

extension MemoryState {
    /// All lines, those of the oldest attempts first.
    var linesByTime: [LedgerLine] {
        ledger.values.flatMap(\.values).sorted { LedgerCursor($1).isBehind(LedgerCursor($0)) }
    }

    fileprivate mutating func goOn(_ kind: LedgerRun.Kind, at now: Timestamp) -> LedgerRun? {
        guard var run = runs.last, run.isContinued(by: kind, at: now) else { return nil }
        run.kind = kind.widened(by: run.kind)
        runs[runs.count - 1] = run
        return run
    }

    fileprivate mutating func begin(_ kind: LedgerRun.Kind, _ actor: String, at now: Timestamp) -> LedgerRun {
        for place in runs.indices where runs[place].endedAt == nil { runs[place].endedAt = now }
        let run = LedgerRun(id: (runs.last?.id ?? 0) + 1, kind: kind, actor: actor, begunAt: now)
        runs.append(run)
        return run
    }

    /// False for a line that is gone, or has been told anew since it was looked at.
    mutating func make(_ change: LedgerChange, in run: Int64) -> Bool {
        guard let line = ledger[change.job]?[change.epoch], line.entry.pricing == change.before else { return false }
        var entry = line.entry
        entry.pricing = change.after
        entry = entry.withShortWords
        if !changes.contains(where: { $0.job == change.job && $0.epoch == change.epoch && $0.run == run }) {
            changes.append(MemoryChange(job: change.job, epoch: change.epoch, run: run, before: line.entry.pricing))
        }
        ledger[change.job]?[change.epoch]?.entry = entry
        let difference = LedgerSums(entry) - LedgerSums(line.entry)
        usage[LedgerDay(line.key), default: LedgerSums()] += difference
        spend(difference.counted, of: change.job, epoch: change.epoch, line.key)
        return true
    }
}

extension LedgerCursor {
    fileprivate func isBehind(_ other: LedgerCursor) -> Bool {
        (at, job, epoch) > (other.at, other.job, other.epoch)
    }
}
