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
        guard Guard.epochFence.holds else {
            return try first("SELECT seq FROM job WHERE id = ?1 AND state = 'running'", claim.id) { $0.int64() }
        }
        return try first(
            "SELECT seq FROM job WHERE id = ?1 AND state = 'running' AND epoch = ?2",
            claim.id,
            claim.epoch
        ) { $0.int64() }
    }

    /// Looks why the fence refused `claim`, and gives what its worker brought to the attempt.
    ///
    /// Only one settlement writes a given outcome, so the outcome tells whether it was this one.
    func standing(
        of claim: ClaimedJob,
        closing outcome: AttemptOutcome,
        late: (report: AttemptReport, output: AttemptOutput?)? = nil
    ) throws -> Standing {
        let found = try first(
            """
            SELECT job.seq, job_attempt.outcome, job_attempt.error_class IS 'cancelled'
            FROM job JOIN job_attempt ON job_attempt.job = job.seq AND job_attempt.epoch = ?2
            WHERE job.id = ?1
            """,
            claim.id,
            claim.epoch
        ) { row in
            (
                seq: row.int64(),
                outcome: try row.optional { row throws in try row.word(AttemptOutcome.self) },
                wasCancelled: row.bool()
            )
        }
        guard let found else { return .stale }
        // A release that came after a cancellation was stale, and still is.
        let wasLate = outcome == .released && found.wasCancelled
        if found.outcome == outcome { return wasLate ? .stale : .repeated(seq: found.seq) }
        guard let late else { return .stale }
        switch found.outcome {
        case .cancelled: try record(late, of: claim, seq: found.seq, as: .cancelled)
        case .interrupted, .late: try record(late, of: claim, seq: found.seq, as: .late)
        // It was settled in another way before: what is written stays.
        case nil, .ok, .failed, .unknown, .released, .deferred: break
        }
        return .stale
    }

    private func record(
        _ late: (report: AttemptReport, output: AttemptOutput?),
        of claim: ClaimedJob,
        seq: Int64,
        as outcome: AttemptOutcome
    ) throws {
        try closeAttempt(seq, epoch: claim.epoch, as: outcome, late.report)
        try keepOutput(seq, epoch: claim.epoch, late.output)
    }
}
