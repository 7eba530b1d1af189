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
        guard let seq = try db.held(claim) else {
            guard case .stale = try db.standing(of: claim, closing: outcome, late: (report, nil), &state) else {
                return .settled(.queued, runAt: until)
            }
            return .stale
        }
        // 1. The row; a deferral keeps the moment of the first in a row, and a release leaves it as it is.
        try db.run(
            """
            UPDATE job
            SET state = 'queued', boot = NULL, run_at = ?3,
                deferred_since = coalesce(deferred_since, ?4)
            WHERE seq = ?1 AND state = 'running' AND epoch = ?2
            """,
            seq,
            claim.epoch,
            until,
            outcome == .deferred ? report.endedAt : nil
        )
        state.lines.note(claim.group, of: claim.owner, dueAt: until)
        try db.noteMove(seq, from: .running, to: .queued, &state)
        // 2. The attempt.
        try db.closeAttempt(seq, of: claim, as: outcome, report, &state)
        return .settled(.queued, runAt: until)
    }
}
