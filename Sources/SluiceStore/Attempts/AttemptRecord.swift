package import SluiceTypes

/// One row of a job's history.
package struct AttemptRecord: Sendable, Hashable {
    package var epoch: Int64
    package var start: AttemptStart
    /// Nil while the attempt runs.
    package var outcome: AttemptOutcome?
    /// Nil while the attempt runs.
    package var report: AttemptReport?

    package init(epoch: Int64, start: AttemptStart, outcome: AttemptOutcome?, report: AttemptReport?) {
        self.epoch = epoch
        self.start = start
        // What may be used is of no use any more once it is known that it was, or was not.
        if outcome != nil { self.start.stake = nil }
        self.outcome = outcome
        self.report = report
    }
}
