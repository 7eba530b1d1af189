import GRDB
import SluiceStore
import SluiceTypes

/// A ``Settlement`` that can be handed from thread to thread.
enum Settled: Sendable {
    case settled(JobState, runAt: Timestamp?)
    case stale
}

/// What a claim is worth that did not get past the fence.
enum Standing {
    /// This very settlement was committed before; its answer was lost.
    case repeated(seq: Int64)
    case stale
}

extension Database {
    /// The number of the row that `claim` still holds: the fence; nil when the job has moved on.
    ///
    /// Looked up by itself, because `RETURNING` makes a table in memory for its answer.
    func held(_ claim: ClaimedJob) throws -> Int64? {
        guard Promise.epochFence.holds else {
            return try first("SELECT seq FROM job WHERE id = ?1 AND state = 'running'", claim.id) { $0.int64() }
        }
        return try first(
            "SELECT seq FROM job WHERE id = ?1 AND state = 'running' AND epoch = ?2",
            claim.id,
            claim.epoch
        ) { $0.int64() }
    }

    /// Looks why the fence refused `claim`, and gives what its worker brought to the attempt.
    func standing(
        of claim: ClaimedJob,
        closing outcome: AttemptOutcome,
        late: (report: AttemptReport, output: AttemptOutput?),
        _ state: inout WriterState
    ) throws -> Standing {
        let found = try first(
            """
            SELECT job.seq, job_attempt.outcome, job_attempt.error_class,
                   EXISTS (SELECT 1 FROM job_input WHERE job_input.job = job.seq)
            FROM job JOIN job_attempt ON job_attempt.job = job.seq AND job_attempt.epoch = ?2
            WHERE job.id = ?1
            """,
            claim.id,
            claim.epoch
        ) { row in
            (
                seq: row.int64(),
                outcome: try row.optional { row throws in try row.word(AttemptOutcome.self) },
                errorClass: try row.optional { row throws in try row.word(ErrorClass.self) },
                hasBodies: row.bool()
            )
        }
        var report = late.report
        // What its caller had deleted comes back in no form.
        if found?.hasBodies != true { report.entry = report.entry?.withoutWords() }
        guard let found else {
            // The job was purged meanwhile; what its attempt used is told all the same.
            if let entry = report.entry {
                try post(entry, of: claim.id, epoch: claim.epoch, LedgerKey(claim, secret: state.secret), &state)
            }
            return .stale
        }
        switch LateSettlement.decide(closing: outcome, stored: found.outcome, storedClass: found.errorClass) {
        case .repeated: return .repeated(seq: found.seq)
        case .record(let outcome):
            try closeAttempt(found.seq, of: claim, as: outcome, report, isLate: true, &state)
            try keepOutput(found.seq, epoch: claim.epoch, late.output)
        case .nothingSent:
            try noteNothingSent(found.seq, epoch: claim.epoch, at: late.report.endedAt)
            try post(.free, of: claim.id, epoch: claim.epoch, LedgerKey(claim, secret: state.secret), &state)
        case .ignored: break
        }
        return .stale
    }
}
