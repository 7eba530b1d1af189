package import SluiceTypes

/// What one attempt used and cost; it outlives its job.
package struct LedgerLine: Sendable, Hashable {
    package var job: JobID
    /// The attempt's.
    package var epoch: Int64
    package var key: LedgerKey
    package var entry: LedgerEntry

    package init(job: JobID, epoch: Int64, key: LedgerKey, entry: LedgerEntry) {
        self.job = job
        self.epoch = epoch
        self.key = key
        self.entry = entry
    }
}
