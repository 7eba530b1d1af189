import GRDB
import SluiceStore
import SluiceTypes

extension JobRecord {
    /// The cold tables beside a job's row.
    static let bodies = """
        LEFT JOIN job_input ON job_input.job = job.seq
        LEFT JOIN job_result ON job_result.job = job.seq
        LEFT JOIN job_output ON job_output.job = job.seq AND job_output.epoch = job_result.epoch
        """
}

/// The statement of a list: which jobs there are, newest first, and whether each fits.
///
/// What does not fit is told as well, so that whoever reads can end: a filter that fits few must not cost a look at all jobs.
struct ListSQL {
    let text: String

    /// Whether a job fits: each condition is passed over where its parameter is NULL.
    private static let fits = """
        (?3 IS NULL OR job.state = ?3) AND (?4 IS NULL OR job.model = ?4) AND (?5 IS NULL OR job.error_class IS ?5)
        AND (?6 IS NULL OR coalesce(job.finished_at, job.created_at) >= ?6) AND (?7 IS NULL OR job.entry = ?7)
        AND (?8 IS NULL OR coalesce(job.finished_at, job.created_at) < ?8)
        AND (?9 IS NULL OR ?9 IS (SELECT job_attempt.row FROM job_attempt WHERE job_attempt.job = job.seq
                                  ORDER BY job_attempt.epoch DESC LIMIT 1))
        """

    /// A walk along an index, newest first, past the jobs for which a condition holds.
    struct Walk {
        var source: String
        var condition: String

        init(_ source: String, where condition: String) {
            self.source = source
            self.condition = condition
        }
    }

    /// A list of the jobs that any of `walks` meets; no two may meet the same one.
    ///
    /// They are merged as they go, so that nothing has to be sorted. `beginning` may name what they refer to.
    init(_ walks: [Walk], beginning: String = "") {
        let parts = walks.map { walk in
            """
            SELECT job.seq, job.id, \(ListSQL.fits), iif(?10, job_input.metadata, NULL)
            FROM \(walk.source) LEFT JOIN job_input ON job_input.job = job.seq
            WHERE \(walk.condition) AND job.seq < ?2
            """
        }
        text = "\(beginning)\(parts.joined(separator: "\nUNION ALL\n"))\nORDER BY 1 DESC"
    }
}

extension Database {
    static let recordSQL = """
        SELECT job.seq, \(JobRecord.columns)
        FROM job \(JobRecord.bodies)
        WHERE job.id = ?1 AND (?2 IS NULL OR (job.owner = ?2 AND job_input.job IS NOT NULL))
        """

    func record(_ id: JobID, owner: OwnerID?) throws -> JobRecord? {
        let found = try first(Database.recordSQL, id, Promise.ownerFence.holds ? owner : nil) { row in
            (seq: row.int64(), record: try JobRecord(&row))
        }
        return try found.map { try withAttempts($0.record, $0.seq) }
    }

    static let attemptsSQL = """
        SELECT \(AttemptRecord.columns) FROM job JOIN job_attempt ON job_attempt.job = job.seq \(AttemptRecord.line)
        WHERE job.seq = ?1 ORDER BY job_attempt.epoch
        """

    func attempts(_ seq: Int64) throws -> [AttemptRecord] {
        try all(Database.attemptsSQL, seq) { row in try AttemptRecord(&row) }
    }

    func withAttempts(_ record: JobRecord, _ seq: Int64) throws -> JobRecord {
        var record = record
        for attempt in try attempts(seq) { record.add(attempt) }
        return record
    }

    // MARK: Lists

    /// An owner's jobs.
    ///
    /// Where one state, or one entry, is asked for, SQLite sees at once of the other walks that they meet nothing.
    static let ownerList = ListSQL(
        JobState.allCases.filter { $0 != .dead }.map { ownerWalk($0) }
            + JobEntry.allCases.map { ownerWalk(.dead, entry: $0) }
    )

    /// An owner's jobs of one state that it may still see, along their index; dead ones of one entry.
    private static func ownerWalk(_ state: JobState, entry: JobEntry? = nil) -> ListSQL.Walk {
        ListSQL.Walk(
            "job INDEXED BY job_owner_\(state.rawValue)",
            where: """
                job.owner = ?1 AND job.state = '\(state.rawValue)'\(entry.map { " AND job.entry = '\($0.rawValue)'" } ?? "")
                AND (?3 IS NULL OR job.state = ?3) AND (?7 IS NULL OR job.entry = ?7) AND job_input.job IS NOT NULL
                """
        )
    }

    /// Dead letters, or calls whose callers got their error.
    static let deadList = ListSQL([deadWalk(entry: "?7")])
    /// Both.
    static let allDeadList = ListSQL(JobEntry.allCases.map { deadWalk(entry: "'\($0.rawValue)'") })

    private static func deadWalk(entry: String) -> ListSQL.Walk {
        ListSQL.Walk(
            "job INDEXED BY job_dead",
            where: "?1 IS NULL AND job.state = 'dead' AND job.entry = \(entry)"
        )
    }

    /// All that run, whosever they are: so few that they are all looked at.
    static let runningList = ListSQL(
        [ListSQL.Walk("job", where: "?1 IS NULL AND job.state = 'running' AND job.seq IN running")],
        beginning: """
            WITH running (seq) AS (
                SELECT seq FROM job INDEXED BY job_owner_running WHERE state = 'running' AND seq < ?2
            )

            """
    )
    /// All jobs, past those of other states: an operator's list of what has succeeded, waits or was cancelled finds enough at once where
    /// that is the many, and is not worth an index that is written with each of them.
    static let list = ListSQL([ListSQL.Walk("job", where: "?1 IS NULL")])

    /// A page, read row by row: what does not fit into it stays on the disk.
    func list(_ query: JobQuery) throws -> JobPage {
        let list =
            switch (query.owner, query.state, query.entry) {
            case (.some, _, _): Database.ownerList
            case (nil, .dead, .some): Database.deadList
            case (nil, .dead, nil): Database.allDeadList
            case (nil, .running, _): Database.runningList
            case (nil, _, _): Database.list
            }
        var page = JobPage(query)
        guard query.limit > 0 else { return page }
        try forEach(
            list.text,
            query.owner,
            try place(of: query.after),
            query.state,
            query.model,
            query.errorClass,
            query.since,
            query.entry,
            query.until,
            query.provider,
            !query.metadata.isEmpty
        ) { row in
            let (seq, id, fits) = (row.int64(), row.jobIDIfValid(), row.bool())
            if let id, !fits || !query.metadata.fits(row.optional { $0.bytes() }) { return page.look(past: id) }
            // A job with a word that this version does not know is left out; `sluice check` names it.
            guard let record = try readable({ try listed(seq, withBodies: query.withBodies) }) ?? nil else {
                return page.passOver(id)
            }
            return page.add(record)
        }
        return page
    }

    static let listedSQL = "SELECT \(JobRecord.columns) FROM job \(JobRecord.bodies) WHERE job.seq = ?1"
    /// No body is read from the disk.
    static let listedBareSQL = "SELECT \(JobRecord.bareColumns) FROM job WHERE job.seq = ?1"

    private func listed(_ seq: Int64, withBodies: Bool) throws -> JobRecord? {
        let record = try first(withBodies ? Database.listedSQL : Database.listedBareSQL, seq) { row in
            try JobRecord(&row)
        }
        return try record.map { try withAttempts($0, seq) }
    }

    /// What `read` reads; nil where that holds something that this version can't read.
    func readable<Value>(_ read: () throws -> Value) throws -> Value? {
        do {
            return try read()
        } catch let error as StoreError where error.code == .corrupt && Promise.unknownWordAlone.holds {
            return nil
        }
    }

    /// Where a page begins: behind the job of that id, or where it stood.
    private func place(of id: JobID?) throws -> Int64 {
        guard let id else { return .max }
        let seq = try first("SELECT seq FROM job WHERE id = ?1", id) { $0.int64() }
        if let seq { return seq }
        // It was purged since: ids and numbers both grow with time.
        let next = try first("SELECT seq FROM job WHERE id > ?1 ORDER BY id LIMIT 1", id) { $0.int64() }
        return next ?? .max
    }

    // MARK: Keys

    /// What a submission under this key would be answered; nil where it would make a new job.
    func submission(owner: OwnerID, key: String, fingerprint: [UInt8], at now: Timestamp) throws -> Submission? {
        try knownKey(owner: owner, key, fingerprint: fingerprint, at: now).answer
    }

    /// What an idempotency key stands for; nothing for one that is new or has ended.
    func knownKey(owner: OwnerID, _ key: String, fingerprint: [UInt8], at now: Timestamp) throws -> KnownKey {
        let known = try first(
            """
            SELECT job.seq, job.id, job.state, idempotency.fingerprint, idempotency.expires_at
            FROM idempotency JOIN job ON job.seq = idempotency.job
            WHERE idempotency.owner = ?1 AND idempotency.key = ?2
            """,
            owner,
            key
        ) { row in
            (
                seq: row.int64(), id: try row.jobID(), state: try row.word(JobState.self), fingerprint: row.bytes(),
                expiresAt: row.time()
            )
        }
        guard let known, !Expiry.isOver(key: known.expiresAt, at: now, noted: try notedTime()) else {
            return KnownKey()
        }
        guard known.fingerprint == fingerprint else { return KnownKey(answer: .keyReused) }
        let isCharged = known.state.isTerminal && known.state != .succeeded ? try isPossiblyCharged(known.seq) : false
        guard KeyHandover.letsGo(known.state, possiblyCharged: isCharged) else {
            return KnownKey(answer: .replayed(known.id))
        }
        return KnownKey(former: (known.seq, known.id))
    }

    private func isPossiblyCharged(_ seq: Int64) throws -> Bool {
        // An outcome that this version does not know may be one that costs.
        try all("SELECT outcome FROM job_attempt WHERE job = ?1 AND outcome IS NOT NULL", seq) { row in
            AttemptOutcome(rawValue: row.text())?.isPossiblyCharged ?? true
        }.contains(true)
    }

    // MARK: Groups

    static let groupSQL = """
        SELECT lane, type, request_format, route, owner, run_at FROM job INDEXED BY job_ready
        WHERE state = 'queued' AND (lane, type, request_format, route, owner) > (?1, ?2, ?3, ?4, ?5)
        ORDER BY lane, type, request_format, route, owner, run_at LIMIT 1
        """

    /// From owner to owner through the ready index: one seek each, whatever the number of jobs.
    func groups() throws -> [GroupState] {
        var groups: [GroupState] = []
        var place = (lane: "", type: "", format: "", route: "", owner: "")
        while true {
            let found = try first(
                Database.groupSQL,
                place.lane,
                place.type,
                place.format,
                place.route,
                place.owner,
                read: { row in
                    (
                        place: (
                            lane: row.text(), type: row.text(), format: row.text(), route: row.text(),
                            owner: row.text()
                        ),
                        runAt: row.time()
                    )
                }
            )
            guard let found else { return groups }
            place = found.place
            let group = JobGroup(lane: place.lane, type: place.type, format: place.format, route: place.route)
            guard let group else {
                // Nobody can be asked for these; the other groups go on.
                guard Promise.unknownWordAlone.holds else {
                    throw StoreError(.corrupt, "the database holds an unknown lane, type or format; run `sluice check`")
                }
                continue
            }
            if groups.last?.group == group {
                groups[groups.count - 1].nextRunAt = min(groups[groups.count - 1].nextRunAt, found.runAt)
            } else {
                groups.append(GroupState(group: group, nextRunAt: found.runAt))
            }
            guard groups[groups.count - 1].owners.count < GroupState.mostOwners else { continue }
            groups[groups.count - 1].owners.insert(OwnerID(rawValue: place.owner))
        }
    }

    /// How many jobs stand in each state, counted one by one.
    func countAll() throws -> [JobState: Int] {
        let rows = try all("SELECT state, count(*) FROM job GROUP BY state") { row in
            (state: JobState(rawValue: row.text()), count: row.int())
        }
        return Dictionary(rows.compactMap { row in row.state.map { ($0, row.count) } }) { $1 }
    }
}

/// What an idempotency key stands for.
struct KnownKey {
    /// What a submission under it is answered; nil where it makes a new job.
    var answer: Submission?
    /// The job that lets it go to the new one.
    var former: (seq: Int64, id: JobID)?
}

extension JobGroup {
    /// The group of a row; nil for a lane, a type or a format that this version does not know.
    init?(lane: String, type: String, format: String, route: String) {
        guard let lane = Lane(rawValue: lane), let operation = SluiceTypes.Operation(rawValue: type),
            let format = RequestFormat(rawValue: format)
        else { return nil }
        self.init(lane: lane, operation: operation, format: format, route: route)
    }
}
