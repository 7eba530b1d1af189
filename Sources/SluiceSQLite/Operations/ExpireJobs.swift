import GRDB
import SluiceStore
import SluiceTypes

/// queued → dead, for jobs past their deadline and for those held too long.
struct ExpireJobs: WriteOperation {
    var now: Timestamp
    var held: [JobGroup: ErrorClass]
    var heldSince: Timestamp
    var limit: Int

    private typealias Victim = (seq: Int64, id: JobID)

    static let deadlineSQL = """
        SELECT seq, id FROM job INDEXED BY job_deadline
        WHERE state = 'queued' AND deadline_at <= ?1
        ORDER BY deadline_at LIMIT ?2
        """

    static let ownerSQL = """
        SELECT owner FROM job INDEXED BY job_ready
        WHERE state = 'queued' AND lane = ?1 AND type = ?2 AND request_format = ?3 AND route = ?4 AND owner > ?5
        ORDER BY owner LIMIT 1
        """

    static let heldSQL = """
        SELECT seq, id, created_at, run_at, deadline_at FROM job INDEXED BY job_ready
        WHERE state = 'queued' AND lane = ?1 AND type = ?2 AND request_format = ?3 AND route = ?4 AND owner = ?5
              AND run_at < ?6
        ORDER BY run_at, seq
        """

    var makesRoom: Bool { true }

    func run(_ db: Database, _ state: inout WriterState) throws -> [JobID] {
        var victims = try db.all(ExpireJobs.deadlineSQL, now, max(limit, 0)) { row in
            (seq: row.int64(), id: try row.jobID())
        }
        for victim in victims { try db.end(victim.seq, as: .expired, at: now, &state) }
        for (group, cause) in held where victims.count < limit {
            victims += try endHeld(group, cause, limit - victims.count, db, &state)
        }
        return victims.sorted { $0.seq < $1.seq }.map(\.id)
    }

    /// Owner by owner, so that jobs that are not due for long are not looked at.
    private func endHeld(
        _ group: JobGroup,
        _ cause: ErrorClass,
        _ limit: Int,
        _ db: Database,
        _ state: inout WriterState
    ) throws -> [Victim] {
        var victims: [Victim] = []
        var owner = ""
        while victims.count < limit,
            let next = try db.first(
                ExpireJobs.ownerSQL,
                group.lane,
                group.operation,
                group.format,
                group.route,
                owner,
                read: { $0.text() }
            )
        {
            owner = next
            var found: [Victim] = []
            try db.forEach(
                ExpireJobs.heldSQL,
                group.lane,
                group.operation,
                group.format,
                group.route,
                owner,
                heldSince
            ) { row in
                let victim = (seq: row.int64(), id: try row.jobID())
                let isOver = Patience.isHeldTooLong(
                    createdAt: row.time(),
                    runAt: row.time(),
                    deadlineAt: row.optional { $0.time() },
                    heldSince: heldSince
                )
                if isOver { found.append(victim) }
                return victims.count + found.count < limit
            }
            for victim in found { try db.end(victim.seq, as: cause, at: now, &state) }
            victims += found
        }
        return victims
    }
}

extension Database {
    /// queued → dead, for a job whose time is over, or that can't be read.
    func end(_ seq: Int64, as cause: ErrorClass, at now: Timestamp, _ state: inout WriterState) throws {
        let ended = try run(
            """
            UPDATE job
            SET state = 'dead', finished_at = ?2, expires_at = ?3, error_class = ?4, bodies_until = ?5 + keeps_bodies
            WHERE seq = ?1 AND state = 'queued'
            """,
            seq,
            now,
            state.expiry.end(of: .dead, at: now),
            cause,
            state.expiry.start(at: now)
        )
        if ended > 0 { try noteMove(seq, from: .queued, to: .dead, errorClass: cause, &state) }
    }
}
