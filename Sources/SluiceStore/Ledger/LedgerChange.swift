package import SluiceTypes

/// What becomes of one line of the ledger in a run.
package struct LedgerChange: Sendable, Hashable {
    package var job: JobID
    package var epoch: Int64
    /// What it said when that was decided: a line that says something else by now stays.
    package var before: LedgerPricing
    package var after: LedgerPricing

    package init(job: JobID, epoch: Int64, before: LedgerPricing, after: LedgerPricing) {
        self.job = job
        self.epoch = epoch
        self.before = before
        self.after = after
    }
}
