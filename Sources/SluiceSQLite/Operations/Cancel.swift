import GRDB
import SluiceStore
import SluiceTypes

/// queued or running → cancelled.
struct Cancel: WriteOperation {
    var id: JobID
    var owner: OwnerID?
    var now: Timestamp
    var audit: AuditEntry?

    var makesRoom: Bool { true }

    func run(_ db: Database, _ state: inout WriterState) throws -> Cancellation {
        guard let job = try db.job(id, owner: owner) else { return .notFound }
        guard !job.state.isTerminal else { return .ended(job.state) }
        let wasRunning = job.state == .running
        // 1. The attempt that may be on its way.
        if wasRunning {
            try db.closeUnseenAttempt(job.seq, epoch: job.epoch, as: .cancelled, at: now, .cancelled, &state)
        }
        // 2. The row.
        try db.run(
            """
            UPDATE job
            SET state = 'cancelled', epoch = epoch + 1, boot = NULL, finished_at = ?2,
                expires_at = ?3, bodies_until = ?4 + keeps_bodies
            WHERE seq = ?1 AND state IN ('queued', 'running')
            """,
            job.seq,
            now,
            state.expiry.end(of: .cancelled, at: now),
            state.expiry.start(at: now)
        )
        try db.noteMove(job.seq, from: job.state, to: .cancelled, &state)
        // 3. Who did it.
        if let audit { try db.append(audit) }
        return .cancelled(wasRunning: wasRunning)
    }
}
