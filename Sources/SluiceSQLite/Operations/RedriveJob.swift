import GRDB
import SluiceStore
import SluiceTypes

/// dead → queued, due at once.
struct RedriveJob: WriteOperation {
    var id: JobID
    var owner: OwnerID?
    var model: String?
    var now: Timestamp
    var audit: AuditEntry?

    func run(_ db: Database, _ state: inout WriterState) throws -> Redrive {
        guard let job = try db.job(id, owner: owner) else { return .notFound }
        guard job.state == .dead else { return .notDead(job.state) }
        guard job.hasInput else { return .deleted }
        guard job.keepsBodies == nil else { return .notKept }
        if let previous = job.ancestry?.previous, try db.predecessor(previous)?.isOffered != true { return .noParent }
        if let heir = job.supersededBy, !KeyHandover.mayRedrive(supersededBy: heir) { return .superseded(by: heir) }
        var group = job.group
        if let model { group.route = ModelRoute(text: group.route).asking(model).text }
        try db.run(
            """
            UPDATE job
            SET state = 'queued', epoch = epoch + 1, failures = 0, interrupts = 0, deferred_since = NULL, run_at = ?2,
                deadline_at = ?2 + time_given, finished_at = NULL, expires_at = NULL, error_class = NULL, superseded_by = NULL,
                model = coalesce(?3, model), route = ?4, redriven_at = ?2
            WHERE seq = ?1 AND state = 'dead'
            """,
            job.seq,
            now,
            model,
            group.route
        )
        state.lines.note(group, of: job.owner, dueAt: now)
        try db.noteMove(job.seq, from: .dead, to: .queued, &state)
        if let audit { try db.append(audit) }
        return .queued(group)
    }
}
