import SluiceStore
import SluiceTypes
import Synchronization

/// Changes what lines of the ledger cost, after the fact: slice by slice, each in one transaction.
///
/// A run that is broken off has changed what it had come to, and goes on where it is repeated.
final class Repricer: Sendable {
    /// So many lines are looked at in one read, and changed in one transaction at most.
    private static let slice = 256

    private let store: any Store
    private let isBusy = Atomic(false)

    init(_ store: any Store) {
        self.store = store
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
            repeat {
                try Task.checkCancellation()
                let page = try await store.lines(query, after: place, limit: Repricer.slice)
                let wanted = page.lines.compactMap { line in change(line, by: pricer, &report) }
                try await make(wanted, &report)
                place = page.next
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
            while true {
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
                try await make(wanted, &report)
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
        _ report: inout RepricingReport
    ) async throws {
        guard let run = report.run else {
            for (line, change) in wanted { report.note(change, of: line) }
            return
        }
        guard !wanted.isEmpty else { return }
        let made = Set(try await store.change(wanted.map(\.change), in: run.id))
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
