import SluiceMoney
import SluiceProvider
package import SluiceStore
import SluiceTypes

extension Engine {
    /// Prices lines of the ledger anew, by the tables and the rows of now; where it `isDry`, only says what would become of them.
    ///
    /// Sums and budgets follow line by line. What waits for a budget is looked at again where less was spent than was thought.
    ///
    /// - Throws: ``RepricingError``; `StoreError`; `CancellationError` where nobody waits for it any more. A run that was broken off goes
    ///   on where it is repeated.
    package func reprice(_ query: RepricingQuery, isDry: Bool, actor: String) async throws -> RepricingReport {
        let rows = Dictionary(switchboard.rows.map { ($0.name, $0) }) { first, _ in first }
        let pricer = LinePricer(estimator: estimator, rows: rows) { [treasury] in treasury.policy($0, $1) }
        let report = try await repricer.reprice(
            query,
            by: pricer,
            isDry: isDry,
            at: time.now(),
            audit: AuditEntry(at: time.now(), actor: actor, action: "price.reprice", subject: "", result: "begun")
        )
        return try await end(report, "price.reprice", actor)
    }

    /// Takes back what a run has changed in the ledger.
    ///
    /// - Throws: as ``reprice(_:isDry:actor:)``.
    package func undo(run: Int64, actor: String) async throws -> RepricingReport {
        let audit = AuditEntry(
            at: time.now(),
            actor: actor,
            action: "price.undo",
            subject: "",
            result: "of run \(run) begun"
        )
        let report = try await repricer.undo(run, at: time.now(), audit: audit)
        return try await end(report, "price.undo", actor)
    }

    private func end(_ report: RepricingReport, _ action: String, _ actor: String) async throws -> RepricingReport {
        guard let run = report.run else { return report }
        let total = report.total
        let audit = AuditEntry(
            at: time.now(),
            actor: actor,
            action: action,
            subject: "run \(run.id)",
            result: "\(total.lines) lines changed: \(total.before.words) before, \(total.after.words) after"
        )
        try await repricer.end(report, at: time.now(), audit: audit)
        if total.after.counted < total.before.counted { try await wakeWaiting() }
        return report
    }
}

extension LedgerSums {
    /// What they cost, in words.
    fileprivate var words: String {
        let whole = "\(Money(nanoUSD: cost)) USD priced"
        guard unpriced + unknown > 0 else { return whole }
        return "\(whole), \(Money(nanoUSD: low)) to \(Money(nanoUSD: high)) USD in \(unpriced + unknown) others"
    }
}
