import GRDB
import SluiceStore
import SluiceTypes

/// running → queued at its next try, or dead.
struct Fail: WriteOperation {
    var claim: ClaimedJob
    var failure: Failure

    var payload: Int { failure.output?.payload ?? 0 }

    func run(_ db: Database, _ state: inout WriterState) throws -> Settled {
        let retryAt = failure.spendsLastTry(of: claim) ? nil : failure.retryAt
        let seq =
            if let retryAt {
                try db.requeue(claim, at: retryAt, failure)
            } else {
                try db.bury(claim, failure, state.retention)
            }
        if let seq {
            try db.closeAttempt(seq, epoch: claim.epoch, as: failure.outcome, failure.report)
            try db.keepOutput(seq, epoch: claim.epoch, failure.output)
        } else if case .stale = try db.standing(
            of: claim,
            closing: failure.outcome,
            late: (failure.report, failure.output)
        ) {
            return .stale
        }
        return .settled(retryAt == nil ? .dead : .queued, runAt: retryAt)
    }
}

extension Failure {
    var outcome: AttemptOutcome { outcomeIsUnknown ? .unknown : .failed }

    /// Only the claim's holder moves the counter, so the claim's own number is the row's.
    func spendsLastTry(of claim: ClaimedJob) -> Bool {
        counts && claim.failures + 1 >= JobLimits.failures
    }

    var step: Int { counts ? 1 : 0 }
}

extension Database {
    /// The row's number; nil when the fence refused.
    fileprivate func requeue(_ claim: ClaimedJob, at moment: Timestamp, _ failure: Failure) throws -> Int64? {
        guard let seq = try held(claim) else { return nil }
        try run(
            """
            UPDATE job
            SET state = 'queued', boot = NULL, lease_until = NULL, deferred_since = NULL, run_at = ?3,
                failures = failures + ?4
            WHERE seq = ?1 AND state = 'running' AND epoch = ?2
            """,
            seq,
            claim.epoch,
            moment,
            failure.step
        )
        return seq
    }

    /// The row's number; nil when the fence refused.
    func bury(_ claim: ClaimedJob, _ failure: Failure, _ retention: Retention) throws -> Int64? {
        guard let seq = try held(claim) else { return nil }
        try run(
            """
            UPDATE job
            SET state = 'dead', boot = NULL, lease_until = NULL, deferred_since = NULL, failures = failures + ?3,
                finished_at = ?4, expires_at = ?5, error_class = ?6
            WHERE seq = ?1 AND state = 'running' AND epoch = ?2
            """,
            seq,
            claim.epoch,
            failure.step,
            failure.report.endedAt,
            retention.end(of: .dead, at: failure.report.endedAt),
            failure.report.errorClass ?? .unknown
        )
        return seq
    }
}
