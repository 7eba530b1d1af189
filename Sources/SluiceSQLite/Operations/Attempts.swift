import GRDB
import SluiceStore
import SluiceTypes

extension Database {
    /// Writes down that an attempt begins.
    func openAttempt(_ seq: Int64, of owner: OwnerID, epoch: Int64, _ start: AttemptStart) throws {
        try run(
            """
            INSERT INTO job_attempt (job, epoch, owner, row, credential, account, model, config, started_at, likely_units,
                                     high_units, hold, high, counted, unpriced)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
            """,
            seq,
            epoch,
            owner,
            start.row,
            start.credential,
            start.account,
            start.model,
            start.configHash,
            start.startedAt,
            start.stake.map { UsageText.text($0.likely) },
            start.stake.map { UsageText.text($0.high) },
            start.stake?.hold,
            start.stake?.mostCost,
            start.stake?.counted,
            start.stake?.unpricedReason
        )
    }

    /// Writes down how an attempt ended that its worker tells of, and what it used; `isLate` where it was closed before.
    func closeAttempt(
        _ seq: Int64,
        of claim: ClaimedJob,
        as outcome: AttemptOutcome,
        _ report: AttemptReport,
        finish: String? = nil,
        isLate: Bool = false,
        _ state: inout WriterState
    ) throws {
        try closeAttempt(seq, epoch: claim.epoch, as: outcome, report)
        if !isLate {
            let ending = claim.ending(as: outcome, report)
            state.news.attempts.append(ending)
            if state.tellsSpans { state.news.spans.append(.attempt(ending, of: TracedJob(claim), finish: finish)) }
        }
        guard let entry = LedgerRule.entry(closing: outcome, report) else { return }
        try post(entry, of: claim.id, epoch: claim.epoch, LedgerKey(claim, secret: state.secret), &state)
    }

    /// Writes down that an attempt was ended whose worker is not there, or has not told of it yet: it may have used something.
    func closeUnseenAttempt(
        _ seq: Int64,
        epoch: Int64,
        as outcome: AttemptOutcome,
        at moment: Timestamp,
        _ errorClass: ErrorClass,
        _ state: inout WriterState
    ) throws {
        let secret = state.secret
        let line = try first(Database.unseenSQL, seq, epoch) { row in
            let (job, owner) = (try row.jobID(), OwnerID(rawValue: row.text()))
            let session = row.optional { SessionMark($0.text(), of: owner, secret: secret) }
            return (
                job: job,
                key: LedgerKey(
                    owner: owner,
                    token: row.optional { TokenID(rawValue: $0.text()) },
                    provider: row.text(),
                    model: row.text(),
                    at: row.time(),
                    tag: row.optional { $0.text() },
                    session: session
                ),
                operation: SluiceTypes.Operation(rawValue: row.text()),
                stake: AttemptStake(&row)
            )
        }
        let report = AttemptReport.unseen(endedAt: moment, errorClass, line?.stake)
        try closeAttempt(seq, epoch: epoch, as: outcome, report)
        guard let line else { return }
        let ending = AttemptEnding(
            job: line.job,
            epoch: epoch,
            operation: line.operation,
            row: line.key.provider,
            model: line.key.model,
            outcome: outcome,
            startedAt: line.key.at,
            report
        )
        state.news.attempts.append(ending)
        if state.tellsSpans, let job = try tracedJob(seq) {
            state.news.spans.append(.attempt(ending, of: job, finish: nil))
        }
        guard let entry = report.entry else { return }
        try post(entry, of: line.job, epoch: epoch, line.key, &state)
    }

    private static let unseenSQL = """
        SELECT job.id, job.owner, job.session, job.token, job_attempt.row, job_attempt.model, job_attempt.started_at, job.tag,
               job.type, \(AttemptStake.columns)
        FROM job JOIN job_attempt ON job_attempt.job = job.seq AND job_attempt.epoch = ?2
        WHERE job.seq = ?1
        """

    /// Writes down how an attempt ended.
    private func closeAttempt(
        _ seq: Int64,
        epoch: Int64,
        as outcome: AttemptOutcome,
        _ report: AttemptReport
    ) throws {
        try run(
            """
            UPDATE job_attempt
            SET outcome = ?3, first_byte_at = ?4, ended_at = ?5, http_status = ?6, error_class = ?7, message = ?8,
                upstream_id = ?9, finish_upstream = ?10, dropped = ?11, rebuilt_turns = ?12, likely_units = NULL,
                high_units = NULL, hold = NULL, high = NULL, counted = NULL, unpriced = NULL
            WHERE job = ?1 AND epoch = ?2
            """,
            seq,
            epoch,
            outcome,
            report.firstByteAt,
            report.endedAt,
            report.httpStatus,
            report.errorClass,
            report.message,
            report.upstreamID,
            // A word too long to be one must not keep the answer from being stored.
            report.finishUpstream.flatMap { $0.utf8.count <= 256 ? $0 : nil },
            report.dropped.isEmpty ? nil : DroppedText.text(report.dropped),
            report.rebuiltTurns
        )
    }

    /// Says of an attempt that was cancelled that it had sent nothing; its class still tells what ended it.
    func noteNothingSent(_ seq: Int64, epoch: Int64, at moment: Timestamp) throws {
        try run(
            "UPDATE job_attempt SET outcome = 'released', ended_at = ?3 WHERE job = ?1 AND epoch = ?2",
            seq,
            epoch,
            moment
        )
    }

    /// Keeps what an attempt left behind, unless the job's bodies have been deleted.
    func keepOutput(_ seq: Int64, epoch: Int64, _ output: AttemptOutput?) throws {
        guard let output else { return }
        try run(
            """
            INSERT OR REPLACE INTO job_output (job, epoch, log, text, complete)
            SELECT ?1, ?2, ?3, ?4, ?5 WHERE EXISTS (SELECT 1 FROM job_input WHERE job = ?1)
            """,
            seq,
            epoch,
            output.log,
            output.text,
            output.complete
        )
    }

    /// What a job's ended attempts tell of the next one, where it has been put off since `deferredSince`.
    func history(_ seq: Int64, since deferredSince: Timestamp?) throws -> JobHistory {
        var history = JobHistory()
        try forEach(
            "SELECT row, outcome, error_class, ended_at FROM job_attempt WHERE job = ?1 AND outcome IS NOT NULL",
            seq
        ) { row in
            let name = row.text()
            let outcome = AttemptOutcome(rawValue: row.text())
            let errorClass = row.optional { $0.text() }.flatMap { ErrorClass(rawValue: $0) }
            history.note(outcome, on: name, errorClass, at: row.optional { $0.time() }, since: deferredSince)
            return true
        }
        return history
    }
}
