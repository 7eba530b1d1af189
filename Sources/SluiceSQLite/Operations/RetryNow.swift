import GRDB
import SluiceStore
import SluiceTypes

/// running → running at the next epoch, on another row or credential.
struct RetryNow: WriteOperation {
    /// A ``Renewal`` that can be handed from thread to thread.
    enum Answer: Sendable {
        case renewed(ClaimedJob)
        case stale
    }

    var claim: ClaimedJob
    var setback: Setback
    var start: AttemptStart

    var payload: Int { setback.output?.payload ?? 0 }

    func run(_ db: Database, _ state: inout WriterState) throws -> Answer {
        guard let seq = try db.held(claim) else { return try lookAgain(db, &state) }
        try db.run(
            "UPDATE job SET epoch = epoch + 1 WHERE seq = ?1 AND state = 'running' AND epoch = ?2",
            seq,
            claim.epoch
        )
        try db.closeAttempt(seq, of: claim, as: setback.outcome, setback.report, &state)
        try db.keepOutput(seq, epoch: claim.epoch, setback.output)
        try db.openAttempt(seq, of: claim.owner, epoch: claim.epoch + 1, start)
        return .renewed(claim.renewed(after: setback, start))
    }

    private func lookAgain(_ db: Database, _ state: inout WriterState) throws -> Answer {
        let standing = try db.standing(
            of: claim,
            closing: setback.outcome,
            late: (setback.report, setback.output),
            &state
        )
        guard case .repeated(let seq) = standing else { return .stale }
        // The claim on the next epoch was made but reached nobody, unless the job has moved on since.
        let next = try db.first(
            """
            SELECT \(AttemptStart.columns)
            FROM job JOIN job_attempt ON job_attempt.job = job.seq AND job_attempt.epoch = job.epoch
            WHERE job.seq = ?1 AND job.state = 'running' AND job.epoch = ?2
            """,
            seq,
            claim.epoch + 1
        ) { row in AttemptStart(&row) }
        return next == start ? .renewed(claim.renewed(after: setback, start)) : .stale
    }
}
