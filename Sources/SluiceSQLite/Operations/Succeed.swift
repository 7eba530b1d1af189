import GRDB
import SluiceStore
import SluiceTypes

/// running → succeeded.
struct Succeed: WriteOperation {
    var claim: ClaimedJob
    var success: Success

    var payload: Int { success.body.count + success.output.payload }

    static func resultSQL(replacing: Bool) -> String {
        """
        INSERT \(replacing ? "OR REPLACE" : "") INTO job_result
            (job, epoch, body, finish, stored_at)
        VALUES (?1, ?2, ?3, ?4, ?5)
        """
    }

    func run(_ db: Database, _ state: inout WriterState) throws -> Settled {
        let end = success.report.endedAt
        guard let seq = try db.held(claim) else {
            switch try db.standing(of: claim, closing: .ok, late: (success.report, success.output), &state) {
            case .repeated: return .settled(.succeeded, runAt: nil)
            case .stale: return .stale
            }
        }
        // 1. The row, behind the fence.
        try db.run(
            """
            UPDATE job
            SET state = 'succeeded', boot = NULL, deferred_since = NULL, finished_at = ?3,
                expires_at = ?4, bodies_until = ?5 + keeps_bodies
            WHERE seq = ?1 AND state = 'running' AND epoch = ?2
            """,
            seq,
            claim.epoch,
            end,
            state.expiry.end(of: .succeeded, at: end),
            state.expiry.start(at: end)
        )
        // 2. The result: a second one breaks the key.
        try db.run(
            Succeed.resultSQL(replacing: !Promise.resultWrittenOnce.holds),
            seq,
            claim.epoch,
            success.body,
            success.finish,
            end
        )
        state.note(claim.id, JobKind(claim.facts), from: .running, to: .succeeded)
        // 3. The attempt, and what it left behind.
        try db.closeAttempt(seq, of: claim, as: .ok, success.report, finish: success.finish, &state)
        try db.noteEnd(seq, of: claim, as: .succeeded, nil, at: end, &state)
        try db.keepOutput(seq, epoch: claim.epoch, success.output)
        return .settled(.succeeded, runAt: nil)
    }
}

extension AttemptOutput {
    var payload: Int { log.count + text.utf8.count }
}
