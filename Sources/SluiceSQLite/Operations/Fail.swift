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
        let settled = Settled.settled(retryAt == nil ? .dead : .queued, runAt: retryAt)
        guard let seq = try db.held(claim) else {
            switch try db.standing(of: claim, closing: failure.outcome, late: (failure.report, failure.output)) {
            case .repeated: return settled
            case .stale: return .stale
            }
        }
        if let retryAt {
            try db.requeue(seq, claim, at: retryAt, failure)
        } else {
            try db.bury(seq, claim, failure, state.keeping)
        }
        try db.closeAttempt(seq, epoch: claim.epoch, as: failure.outcome, failure.report)
        try db.keepOutput(seq, epoch: claim.epoch, failure.output)
        return settled
    }
}

extension Failure {
    var outcome: AttemptOutcome { outcomeIsUnknown ? .unknown : .failed }

    /// Only the claim's holder moves the counter, so the claim's own number is the row's.
    func spendsLastTry(of claim: ClaimedJob) -> Bool {
        counts && claim.failures + 1 >= JobLimits.failures
    }
}

extension Database {
    fileprivate func requeue(_ seq: Int64, _ claim: ClaimedJob, at moment: Timestamp, _ failure: Failure) throws {
        try run(
            """
            UPDATE job
            SET state = 'queued', boot = NULL, lease_until = NULL, run_at = ?3, failures = failures + ?4,
                deferred_since = iif(?5, NULL, deferred_since)
            WHERE seq = ?1 AND state = 'running' AND epoch = ?2
            """,
            seq,
            claim.epoch,
            moment,
            failure.step,
            failure.endsPatience
        )
    }

    func bury(_ seq: Int64, _ claim: ClaimedJob, _ failure: Failure, _ keeping: Keeping) throws {
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
            keeping.end(of: .dead, at: failure.report.endedAt),
            failure.report.errorClass ?? .unknown
        )
    }
}
