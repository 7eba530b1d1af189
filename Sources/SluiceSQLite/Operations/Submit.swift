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
        try db.insert(job, as: .queued, epoch: 0, boot: nil, heirOf: key.former, state.expiry)
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
        let seq = try db.insert(job, as: .running, epoch: 1, boot: boot, heirOf: key.former, state.expiry)
        try db.openAttempt(seq, of: job.owner, epoch: 1, start)
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
    fileprivate func insert(
        _ job: NewJob,
        as state: JobState,
        epoch: Int64,
        boot: BootID?,
        heirOf former: (seq: Int64, id: JobID)?,
        _ expiry: Expiry
    ) throws -> Int64 {
        let facts = job.facts
        // 1. The hot row.
        try run(
            """
            INSERT INTO job (id, owner, token, surface, entry, type, model, route, request_format, stream, session, lane,
                             tries, on_unknown, created_at, retry_of, state, epoch, run_at, boot, deadline_at,
                             fingerprint, time_given)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23)
            """,
            facts.id,
            facts.owner,
            facts.token,
            facts.surface,
            facts.entry,
            facts.operation,
            facts.model,
            facts.route,
            facts.format,
            facts.stream,
            facts.session,
            facts.lane,
            facts.tries,
            facts.onUnknown,
            facts.createdAt,
            facts.retryOf ?? former?.id,
            state,
            epoch,
            job.runAt,
            boot,
            job.deadlineAt,
            job.fingerprint,
            job.timeGiven.map(\.milliseconds)
        )
        let seq = lastInsertedRowID
        // 2. What was sent.
        try run(
            "INSERT INTO job_input (job, body, fields, metadata, trace) VALUES (?1, ?2, ?3, ?4, ?5)",
            seq,
            job.input.body,
            job.input.fields,
            job.input.metadata,
            job.input.trace
        )
        // 3. The key; one that has ended gives way.
        if let key = job.idempotencyKey {
            try run(
                """
                INSERT OR REPLACE INTO idempotency (owner, key, fingerprint, job, expires_at)
                VALUES (?1, ?2, ?3, ?4, ?5)
                """,
                facts.owner,
                key,
                job.fingerprint,
                seq,
                expiry.endOfKey(from: facts.createdAt)
            )
        }
        // 4. The job that had it stays as it ended.
        if let former { try run("UPDATE job SET superseded_by = ?2 WHERE seq = ?1", former.seq, facts.id) }
        return seq
    }
}
