import GRDB
import SluiceStore
import SluiceTypes

/// running under another boot, or under ours with nobody who knows of it → queued, or dead.
struct RescueOrphans: WriteOperation {
    var boot: BootID
    /// The jobs of our own boot that are in good hands; nil to look for other boots' jobs.
    var known: (@Sendable () -> Set<JobID>)?
    var now: Timestamp
    var limit: Int

    private struct Orphan {
        var seq: Int64
        var epoch: Int64
        var interrupts: Int
        /// Nil where it can't be read.
        var onUnknown: OnUnknown?
        var owner: OwnerID
        var rescue: Rescue
    }

    /// What runs is few, and most of it is looked for: there is no index of boots.
    static let orphansSQL = """
        SELECT seq, epoch, interrupts, on_unknown, owner, id, lane, type, request_format, route
        FROM job INDEXED BY job_owner_running WHERE state = 'running' AND boot <> ?1
        LIMIT ?2
        """

    static let ownSQL = """
        SELECT seq, epoch, interrupts, on_unknown, owner, id, lane, type, request_format, route
        FROM job INDEXED BY job_owner_running WHERE state = 'running' AND boot = ?1
        """

    /// What is left of the search without ``Promise/rescueOnlyRunning``.
    static let unguardedSQL = """
        SELECT seq, epoch, interrupts, on_unknown, owner, id, lane, type, request_format, route FROM job WHERE boot IS NOT ?1 LIMIT ?2
        """

    var makesRoom: Bool { true }

    func run(_ db: Database, _ state: inout WriterState) throws -> [Rescue] {
        let orphans = try find(db)
        return try orphans.sorted { $0.seq < $1.seq }.map { orphan in
            let rescue = try rescue(orphan, db, &state)
            if rescue.state == .queued, let group = rescue.group {
                state.lines.note(group, of: orphan.owner, dueAt: now)
            }
            return rescue
        }
    }

    private func find(_ db: Database) throws -> [Orphan] {
        let read: (inout RowReader) throws -> Orphan = { row in
            Orphan(
                seq: row.int64(),
                epoch: row.int64(),
                interrupts: row.int(),
                onUnknown: OnUnknown(rawValue: row.text()),
                owner: OwnerID(rawValue: row.text()),
                rescue: Rescue(
                    id: try row.jobID(),
                    group: JobGroup(lane: row.text(), type: row.text(), format: row.text(), route: row.text()),
                    state: .queued,
                    errorClass: nil
                )
            )
        }
        guard Promise.rescueOnlyRunning.holds else {
            return try db.all(RescueOrphans.unguardedSQL, boot, max(limit, 0), read: read)
        }
        guard let known else { return try db.all(RescueOrphans.orphansSQL, boot, max(limit, 0), read: read) }
        // As many as there are places at providers: few enough to be looked at here.
        let own = try db.all(RescueOrphans.ownSQL, boot, read: read)
        // Asked after the search: whoever stored one of these has made it known before.
        let inGoodHands = known()
        return Array(own.filter { !inGoodHands.contains($0.rescue.id) }.prefix(max(limit, 0)))
    }

    private func rescue(_ orphan: Orphan, _ db: Database, _ state: inout WriterState) throws -> Rescue {
        let expiry = state.expiry
        var rescue = orphan.rescue
        // What can't be read can't be asked for again either, and must not keep the others from being rescued.
        if let onUnknown = orphan.onUnknown, rescue.group != nil {
            rescue.errorClass = Interruption.end(interrupts: orphan.interrupts, onUnknown: onUnknown)
        } else {
            rescue.errorClass = .corrupt
        }
        rescue.state = rescue.errorClass == nil ? .queued : .dead
        // 1. The attempt nobody will settle.
        try db.closeUnseenAttempt(orphan.seq, epoch: orphan.epoch, as: .interrupted, at: now, .interrupted, &state)
        // 2. The row.
        if let errorClass = rescue.errorClass {
            try db.run(
                """
                UPDATE job
                SET state = 'dead', epoch = epoch + 1, interrupts = interrupts + 1, boot = NULL,
                    finished_at = ?3, expires_at = ?4, error_class = ?5, bodies_until = ?6 + keeps_bodies
                WHERE seq = ?1 AND state = 'running' AND epoch = ?2
                """,
                orphan.seq,
                orphan.epoch,
                now,
                expiry.end(of: .dead, at: now),
                errorClass,
                expiry.start(at: now)
            )
            try db.noteMove(orphan.seq, from: .running, to: .dead, errorClass: errorClass, &state)
        } else {
            try db.run(
                """
                UPDATE job
                SET state = 'queued', epoch = epoch + 1, interrupts = interrupts + 1, boot = NULL,
                    deferred_since = NULL, run_at = ?3
                WHERE seq = ?1 AND state = 'running' AND epoch = ?2
                """,
                orphan.seq,
                orphan.epoch,
                now
            )
            try db.noteMove(orphan.seq, from: .running, to: .queued, &state)
        }
        return rescue
    }
}
