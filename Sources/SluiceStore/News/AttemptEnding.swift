package import SluiceTypes

/// How an attempt has ended.
package struct AttemptEnding: Sendable, Hashable {
    package var job: JobID
    package var epoch: Int64
    package var operation: Operation?
    /// The provider row's name.
    package var row: String
    /// The model's name as the provider knows it.
    package var model: String
    package var outcome: AttemptOutcome
    package var errorClass: ErrorClass?
    package var startedAt: Timestamp
    package var firstByteAt: Timestamp?
    package var endedAt: Timestamp
    /// Nil where nothing is known of its usage.
    package var entry: LedgerEntry?

    package init(
        job: JobID,
        epoch: Int64,
        operation: Operation?,
        row: String,
        model: String,
        outcome: AttemptOutcome,
        startedAt: Timestamp,
        _ report: AttemptReport
    ) {
        self.job = job
        self.epoch = epoch
        self.operation = operation
        self.row = row
        self.model = model
        self.outcome = outcome
        self.startedAt = startedAt
        errorClass = report.errorClass
        firstByteAt = report.firstByteAt
        endedAt = report.endedAt
        entry = report.entry
    }
}

extension ClaimedJob {
    /// How its attempt has ended.
    package func ending(as outcome: AttemptOutcome, _ report: AttemptReport) -> AttemptEnding {
        AttemptEnding(
            job: id,
            epoch: epoch,
            operation: facts.operation,
            row: start.row,
            model: start.model,
            outcome: outcome,
            startedAt: start.startedAt,
            report
        )
    }
}
