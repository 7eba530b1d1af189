import SluiceStore
import SluiceTypes
import Synchronization

/// Changes what lines of the ledger cost, after the fact: slice by slice, each in one transaction.
///
/// A run that is broken off has changed what it had come to, and goes on where it is repeated.
final class Repricer: Sendable {
    /// So many lines are looked at in one read, and changed in one transaction at most.
    private static let slice = 256

    /// Where others have the store write meanwhile it pauses for so much longer than a slice took: so it has a fifth of the
    /// writer's time at most.
    private static let patience = 4
    /// So many operations of others between two slices are nothing.
    private static let fewOperations = 8

    private let store: any Store
    private let time: EngineTime
    private let isBusy = Atomic(false)

    init(_ store: any Store, _ time: EngineTime) {
        self.store = store
        self.time = time
    }

    /// Prices lines anew; where it `isDry`, only says what would become of them.
    ///
    /// - Throws: ``RepricingError``; `StoreError`; `CancellationError` where nobody waits for it any more.
    func reprice(
        _ query: RepricingQuery,
        by pricer: LinePricer,
        isDry: Bool,
        at now: Timestamp,
        audit: AuditEntry
    ) async throws -> RepricingReport {
        try await alone {
            var report = RepricingReport(oldest: try await store.oldestLine())
            var query = query
            if !isDry {
                let run = try await store.beginRun(.reprice(query), at: now, audit: audit)
                if case .reprice(let whole) = run.kind { query = whole }
                report.run = run
            }
            var place: LedgerCursor?
            var pace = Pace()
            repeat {
                let begun = time.uptime()
                try Task.checkCancellation()
                let page = try await store.lines(query, after: place, limit: Repricer.slice)
                let wanted = page.lines.compactMap { line in change(line, by: pricer, &report) }
                try await make(wanted, &report, &pace)
                place = page.next
                try await pause(after: time.uptime() - begun, pace)
            } while place != nil
            return report
        }
    }

    /// Takes back what a run has changed.
    ///
    /// - Throws: ``RepricingError``; `StoreError`; `CancellationError` where nobody waits for it any more.
    func undo(_ id: Int64, at now: Timestamp, audit: AuditEntry) async throws -> RepricingReport {
        try await alone {
            guard try await store.run(id) != nil else { throw RepricingError.noRun(id) }
            let run = try await store.beginRun(.undo(id), at: now, audit: audit)
            var report = RepricingReport(run: run, oldest: try await store.oldestLine())
            var place: (job: JobID, epoch: Int64)?
            var pace = Pace()
            while true {
                let begun = time.uptime()
                try Task.checkCancellation()
                let changed = try await store.changes(of: id, after: place, limit: Repricer.slice)
                guard let last = changed.last else { return report }
                report.seen += changed.count
                report.overtaken += changed.count { $0.lastRun != id && $0.lastRun != run.id }
                let wanted = changed.filter { $0.lastRun == id }.map { changed in
                    let line = changed.line
                    let change = LedgerChange(
                        job: line.job,
                        epoch: line.epoch,
                        before: line.entry.pricing,
                        after: changed.before
                    )
                    return (line, change)
                }
                try await make(wanted, &report, &pace)
                try await pause(after: time.uptime() - begun, pace)
                place = (last.line.job, last.line.epoch)
            }
        }
    }

    /// Ends the run of a report.
    ///
    /// - Throws: `StoreError`.
    func end(_ report: RepricingReport, at now: Timestamp, audit: AuditEntry) async throws(StoreError) {
        guard let run = report.run else { return }
        try await store.endRun(run.id, at: now, audit: audit)
    }

    private func alone<Answer>(_ body: () async throws -> Answer) async throws -> Answer {
        guard isBusy.compareExchange(expected: false, desired: true, ordering: .acquiringAndReleasing).exchanged else {
            throw RepricingError.underWay
        }
        defer { isBusy.store(false, ordering: .releasing) }
        return try await body()
    }

    /// What the store has to do besides.
    private struct Pace {
        private var operations: Int?
        private(set) var others = 0

        mutating func note(_ operations: Int) {
            others = self.operations.map { operations - $0 - 1 } ?? 0
            self.operations = operations
        }
    }

    private func pause(after slice: Duration, _ pace: Pace) async throws {
        guard pace.others >= Repricer.fewOperations else { return }
        try await time.sleep(slice * Repricer.patience)
    }

    private func change(
        _ line: LedgerLine,
        by pricer: LinePricer,
        _ report: inout RepricingReport
    ) -> (LedgerLine, LedgerChange)? {
        report.seen += 1
        switch pricer.verdict(line) {
        case .changed(let after):
            let change = LedgerChange(job: line.job, epoch: line.epoch, before: line.entry.pricing, after: after)
            return (line, change)
        case .same: break
        case .told: report.told += 1
        case .noRow: report.noRow += 1
        case .nothing: report.nothing += 1
        }
        return nil
    }

    private func make(
        _ wanted: [(line: LedgerLine, change: LedgerChange)],
        _ report: inout RepricingReport,
        _ pace: inout Pace
    ) async throws {
        guard let run = report.run else {
            for (line, change) in wanted { report.note(change, of: line) }
            return
        }
        guard !wanted.isEmpty else { return }
        let outcome = try await store.change(wanted.map(\.change), in: run.id)
        pace.note(outcome.operations)
        let made = Set(outcome.made)
        for (line, change) in wanted where made.contains(change) { report.note(change, of: line) }
        report.overtaken += wanted.count - made.count
    }
}

/// Why a run was not begun.
package enum RepricingError: Error, Hashable {
    /// There is one under way.
    case underWay
    /// No run has that number, or nothing of it is kept.
    case noRun(Int64)
}
