import GRDB
import SluiceStore
import SluiceTypes

/// (nothing) → queued.
struct Submit: WriteOperation {
    var job: NewJob

    var payload: Int { job.payload }

    func run(_ db: Database, _ state: inout WriterState) throws -> Submission {
        if let known = try db.knownSubmission(of: job) { return known }
        try db.insert(job, as: .queued, epoch: 0, boot: nil, keeping: state.keeping)
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
        if let known = try db.knownSubmission(of: job) { return known }
        let seq = try db.insert(job, as: .running, epoch: 1, boot: boot, keeping: state.keeping)
        try db.openAttempt(seq, epoch: 1, start)
        return .created(job.id)
    }
}

extension NewJob {
    fileprivate var payload: Int { input.body.count + (input.metadata?.count ?? 0) }
}

extension Database {
    /// What the job's idempotency key stands for; nil for a new key, an ended one or none.
    fileprivate func knownSubmission(of job: NewJob) throws -> Submission? {
        guard let key = job.idempotencyKey, Guard.idempotencyLookup.holds else { return nil }
        let known = try submission(owner: job.owner, key: key, fingerprint: job.fingerprint, at: job.createdAt)
        guard case .replayed(let id)? = known, id == job.retryOf, try isWithoutAnswer(id) else { return known }
        return nil
    }

    private func isWithoutAnswer(_ id: JobID) throws -> Bool {
        try first("SELECT 1 FROM job WHERE id = ?1 AND state IN ('dead', 'cancelled')", id) { $0.int() } != nil
    }

    @discardableResult
    fileprivate func insert(
        _ job: NewJob,
        as state: JobState,
        epoch: Int64,
        boot: BootID?,
        keeping: Keeping
    ) throws -> Int64 {
        // 1. The hot row.
        try run(
            """
            INSERT INTO job (id, owner, token, surface, type, model, stream, lane, state, epoch, run_at, boot,
                             deadline_at, on_unknown, fingerprint, retry_of, created_at, time_given)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)
            """,
            job.id,
            job.owner,
            job.token,
            job.surface,
            job.operation,
            job.model,
            job.stream,
            job.lane,
            state,
            epoch,
            job.runAt,
            boot,
            job.deadlineAt,
            job.onUnknown,
            job.fingerprint,
            job.retryOf,
            job.createdAt,
            job.timeGiven.map(\.milliseconds)
        )
        let seq = lastInsertedRowID
        // 2. What was sent.
        try run(
            "INSERT INTO job_input (job, format, body, metadata) VALUES (?1, ?2, ?3, ?4)",
            seq,
            job.input.format,
            job.input.body,
            job.input.metadata
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
                keeping.endOfKey(from: job.createdAt)
            )
        }
        return seq
    }
}
