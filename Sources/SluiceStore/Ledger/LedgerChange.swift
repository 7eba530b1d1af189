package import SluiceTypes

/// What becomes of one line of the ledger in a run.
package struct LedgerChange: Sendable, Hashable {
    package var job: JobID
    package var epoch: Int64
    /// What it said when that was decided: a line that says something else by now stays.
    package var before: LedgerPricing
    package var after: LedgerPricing

    /// What became of changes that were to be made.
    package struct Outcome: Sendable, Hashable {
        /// Those that were made.
        package var made: [LedgerChange]
        /// How many operations the store has carried out by then, these included: what else it has to do.
        package var operations: Int

        package init(made: [LedgerChange], operations: Int) {
            self.made = made
            self.operations = operations
        }
    }

    package init(job: JobID, epoch: Int64, before: LedgerPricing, after: LedgerPricing) {
        self.job = job
        self.epoch = epoch
        self.before = before
        self.after = after
    }
}
