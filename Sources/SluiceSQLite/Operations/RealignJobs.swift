import GRDB
import SluiceStore
import SluiceTypes

/// queued → queued, due earlier: for jobs that wait only because the clock went back.
struct RealignJobs: WriteOperation {
    /// As ``GRDB/Database/misplaced(at:limit:)`` found them.
    var jobs: [Misplaced]
    var now: Timestamp

    var makesRoom: Bool { true }

    func run(_ db: Database, _ state: inout WriterState) throws -> Int {
        var count = 0
        for job in jobs {
            count += try db.run(
                """
                UPDATE job
                SET run_at = max(run_at - ?3, ?4), deadline_at = deadline_at - max(created_at - ?4, 0)
                WHERE seq = ?1 AND state = 'queued' AND run_at = ?2
                """,
                job.seq,
                job.runAt,
                job.ahead,
                now
            )
        }
        // They are due earlier than their owners' lines know.
        if count > 0 { state.lines.forget() }
        return count
    }
}

/// A queued job that is due too late, and by how much.
struct Misplaced: Sendable {
    var seq: Int64
    var runAt: Timestamp
    /// In milliseconds.
    var ahead: Int64
}

extension Database {
    static let misplacedSQL = """
        SELECT seq, run_at, known_at FROM (
            SELECT seq, run_at,
                   max(created_at, coalesce((SELECT max(ended_at) FROM job_attempt WHERE job = job.seq), 0)) AS known_at
            FROM job INDEXED BY job_ready
            WHERE state = 'queued' AND run_at > ?1
        )
        WHERE (known_at > ?1 + ?2 AND run_at BETWEEN known_at AND known_at + ?2) OR run_at > ?3
        LIMIT ?4
        """

    /// Queued jobs that are due too late because the clock went back; a step that a pause outlasts is waited for.
    func misplaced(at now: Timestamp, limit: Int) throws -> [Misplaced] {
        let latest = now.adding(JobLimits.delay + .seconds(86_400))
        return try all(
            Database.misplacedSQL,
            now,
            JobLimits.pause.milliseconds,
            latest,
            max(limit, 0)
        ) { row in
            let (seq, runAt, knownAt) = (row.int64(), row.time(), row.time())
            // Nothing tells how long the wait was to be where the job knows no moment so late.
            let ahead = knownAt > now ? knownAt.since(now) : runAt.since(now)
            return Misplaced(seq: seq, runAt: runAt, ahead: ahead.milliseconds)
        }
    }
}
