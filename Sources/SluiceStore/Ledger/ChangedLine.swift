/// A line of the ledger that a run has changed.
package struct ChangedLine: Sendable, Hashable {
    /// As it is now.
    package var line: LedgerLine
    /// What it said before the run.
    package var before: LedgerPricing
    /// The last run that has changed it.
    package var lastRun: Int64

    package init(line: LedgerLine, before: LedgerPricing, lastRun: Int64) {
        self.line = line
        self.before = before
        self.lastRun = lastRun
    }
}
