import GRDB
import SluiceStore
import SluiceTypes

/// running → running at the next epoch on another row, or dead.
struct RetryNow: WriteOperation {
    /// A ``Renewal`` that can be handed from thread to thread.
    enum Answer: Sendable {
        case renewed(ClaimedJob)
        case exhausted
        case stale
    }

    var claim: ClaimedJob
    var failure: Failure
    var start: AttemptStart

    var payload: Int { failure.output?.payload ?? 0 }

    func run(_ db: Database, _ state: inout WriterState) throws -> Answer {
        let isLast = failure.isLast(of: claim)
        guard let seq = try db.held(claim) else { return try lookAgain(db, isLast: isLast) }
        if isLast {
            try db.bury(seq, claim, failure, state.expiry)
        } else {
            try stepOn(seq, db)
        }
        try db.closeAttempt(seq, epoch: claim.epoch, as: failure.outcome, failure.report)
        try db.keepOutput(seq, epoch: claim.epoch, failure.output)
        guard !isLast else { return .exhausted }
        try db.openAttempt(seq, of: claim.owner, epoch: claim.epoch + 1, start)
        return .renewed(claim.renewed(after: failure, start))
    }

    private func stepOn(_ seq: Int64, _ db: Database) throws {
        try db.run(
            """
            UPDATE job
            SET epoch = epoch + 1, failures = failures + ?3, deferred_since = ?4
            WHERE seq = ?1 AND state = 'running' AND epoch = ?2
            """,
            seq,
            claim.epoch,
            failure.step,
            failure.deferredSince(after: claim.deferredSince, isRequeued: false)
        )
    }

    private func lookAgain(_ db: Database, isLast: Bool) throws -> Answer {
        let standing = try db.standing(
            of: claim,
            closing: failure.outcome,
            late: (failure.report, failure.output)
        )
        guard case .repeated(let seq) = standing else { return .stale }
        if isLast { return .exhausted }
        // The claim on the next epoch was made but reached nobody, unless the job has moved on since.
        let next = try db.first(
            """
            SELECT job_attempt.row, job_attempt.credential, job_attempt.model, job_attempt.config, job_attempt.started_at
            FROM job JOIN job_attempt ON job_attempt.job = job.seq AND job_attempt.epoch = job.epoch
            WHERE job.seq = ?1 AND job.state = 'running' AND job.epoch = ?2
            """,
            seq,
            claim.epoch + 1
        ) { row in AttemptStart(&row) }
        return next == start ? .renewed(claim.renewed(after: failure, start)) : .stale
    }
}
