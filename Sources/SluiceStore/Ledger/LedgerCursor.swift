package import SluiceTypes

/// A place among the lines of the ledger, by when their attempts began.
package struct LedgerCursor: Sendable, Hashable {
    package var at: Timestamp
    package var job: JobID
    package var epoch: Int64

    package init(at: Timestamp, job: JobID, epoch: Int64) {
        self.at = at
        self.job = job
        self.epoch = epoch
    }

    /// The line's own.
    package init(_ line: LedgerLine) {
        self.init(at: line.key.at, job: line.job, epoch: line.epoch)
    }
}

/// Some lines of the ledger, and where to go on.
package struct LedgerPage: Sendable, Hashable {
    package var lines: [LedgerLine]
    /// Behind which others may be; nil at the end.
    package var next: LedgerCursor?

    package init(lines: [LedgerLine], next: LedgerCursor?) {
        self.lines = lines
        self.next = next
    }
}
