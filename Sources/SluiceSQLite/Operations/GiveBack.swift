import GRDB
import SluiceStore
import SluiceTypes

/// running → queued with nothing charged: a release, or a deferral.
struct GiveBack: WriteOperation {
    var claim: ClaimedJob
    var outcome: AttemptOutcome
    var report: AttemptReport
    var until: Timestamp

    func run(_ db: Database, _ state: inout WriterState) throws -> Settled {
        // 1. The row; a deferral keeps the moment of the first in a row, and a release leaves it as it is.
        let seq = try db.first(
            """
            UPDATE job
            SET state = 'queued', boot = NULL, lease_until = NULL, run_at = ?3,
                deferred_since = coalesce(deferred_since, ?4)
            WHERE id = ?1 AND state = 'running' AND epoch = ?2
            RETURNING seq
            """,
            claim.id,
            claim.epoch,
            until,
            outcome == .deferred ? report.endedAt : nil
        ) { $0.int64() }
        // 2. The attempt.
        if let seq {
            try db.closeAttempt(seq, epoch: claim.epoch, as: outcome, report)
        } else if case .stale = try db.standing(of: claim, closing: outcome) {
            // Nothing had been sent when the job was cancelled: then nothing can have been charged.
            if outcome == .released { try db.noteNothingSent(claim, report) }
            return .stale
        }
        return .settled(.queued, runAt: until)
    }
}
