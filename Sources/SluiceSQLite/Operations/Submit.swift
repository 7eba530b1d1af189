import GRDB
import SluiceStore
import SluiceTypes

/// (nothing) → queued.
struct Submit: WriteOperation {
    var job: NewJob

    var payload: Int { job.payload }

    func run(_ db: Database, _ state: inout WriterState) throws -> Submission {
        let key = try db.key(of: job)
        if let known = key.answer { return known }
        guard try db.isContinuable(job) else { return .noParent }
        try db.enter(job, as: .queued, epoch: 0, boot: nil, heirOf: key.former, state.expiry)
        state.lines.note(job.group, of: job.owner, dueAt: job.runAt)
        state.queues.note(job.owner, job.facts.token, bytes: Int64(job.input.byteCount), waits: true)
        state.note(job.id, JobKind(job.facts), from: nil, to: .queued)
        return .created(job.id)
    }
}

/// (nothing) → running at epoch 1, with its attempt.
struct SubmitRunning: WriteOperation {
    var job: NewJob
    var start: AttemptStart
    var boot: BootID

    var payload: Int { job.payload }

    func run(_ db: Database, _ state: inout WriterState) throws -> Submission {
        let key = try db.key(of: job)
        if let known = key.answer { return known }
        guard try db.isContinuable(job) else { return .noParent }
        let seq = try db.enter(job, as: .running, epoch: 1, boot: boot, heirOf: key.former, state.expiry)
        try db.openAttempt(seq, of: job.owner, epoch: 1, start)
        state.note(job.id, JobKind(job.facts), from: nil, to: .running)
        return .created(job.id)
    }
}

extension NewJob {
    fileprivate var payload: Int { input.byteCount }
}

extension Database {
    /// What the job's idempotency key stands for.
    fileprivate func key(of job: NewJob) throws -> KnownKey {
        guard let key = job.idempotencyKey, Promise.idempotencyLookup.holds else { return KnownKey() }
        return try knownKey(owner: job.owner, key, fingerprint: job.fingerprint, at: job.createdAt)
    }

    @discardableResult
    fileprivate func enter(
        _ job: NewJob,
        as state: JobState,
        epoch: Int64,
        boot: BootID?,
        heirOf former: (seq: Int64, id: JobID)?,
        _ expiry: Expiry
    ) throws -> Int64 {
        // 1. The hot row.
        let seq = try insert(job, as: state, epoch: epoch, boot: boot, retryOf: job.retryOf ?? former?.id)
        // 2. What was sent.
        try run(
            "INSERT INTO job_input (job, body, fields, metadata, trace) VALUES (?1, ?2, ?3, ?4, ?5)",
            seq,
            job.input.body,
            job.input.fields,
            job.input.metadata,
            job.input.trace.map { Array($0.text.utf8) }
        )
        // 3. The key; one that has ended gives way.
        if let key = job.idempotencyKey {
            try run(
                """
                INSERT OR REPLACE INTO idempotency (owner, key, fingerprint, job, expires_at)
                VALUES (?1, ?2, ?3, ?4, ?5)
                """,
                job.owner,
                key,
                job.fingerprint,
                seq,
                expiry.endOfKey(from: job.createdAt)
            )
        }
        // 4. The job that had it stays as it ended.
        if let former { try run("UPDATE job SET superseded_by = ?2 WHERE seq = ?1", former.seq, job.id) }
        return seq
    }
}
