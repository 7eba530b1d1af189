import GRDB
import SluiceStore
import SluiceTypes

extension Database {
    /// From a job to the first of its thread: whoever reads it stops where he has enough, and no job behind is looked up.
    static let lineageSQL = """
        WITH RECURSIVE line (seq, previous) AS (
            SELECT seq, previous FROM job WHERE id = ?1 AND (?2 IS NULL OR owner = ?2)
            UNION ALL
            SELECT job.seq, job.previous
            FROM line CROSS JOIN job ON job.id = line.previous AND (?2 IS NULL OR job.owner = ?2)
        )
        SELECT \(Predecessor.columns), ifnull(length(job_input.body), 0), ifnull(length(job_result.body), 0),
               ifnull(length(job_output.log), 0), job.request_format, job.finished_at, job_input.body, job_result.body,
               job_output.log, job_output.complete, job_attempt.account, job_attempt.upstream_id
        FROM line CROSS JOIN job ON job.seq = line.seq
        LEFT JOIN job_input ON job_input.job = job.seq
        LEFT JOIN job_result ON job_result.job = job.seq
        LEFT JOIN job_output ON job_output.job = job.seq AND job_output.epoch = job_result.epoch
        LEFT JOIN job_attempt ON job_attempt.job = job.seq AND job_attempt.epoch = job_result.epoch
        """

    /// A job and all that it continues, read job by job: what has no room stays on the disk.
    func lineage(of parent: JobID, owner: OwnerID, _ limits: LineageLimits) throws -> Lineage {
        var walk = LineageWalk(from: parent, limits)
        try forEach(Database.lineageSQL, parent, Promise.ownerFence.holds ? owner : nil) { row in
            let job = try Predecessor(&row)
            let (input, result, log) = (row.int(), row.int(), row.int())
            return try walk.add(job, bytes: input + (result == 0 ? log : result)) { withBodies in
                try Ancestor(job.id, hasLog: result == 0 && log > 0, withBodies: withBodies, &row)
            }
        }
        return walk.lineage
    }

    static let upstreamSQL = """
        SELECT job.seq, \(JobRecord.columns)
        FROM job_attempt AS named INDEXED BY attempt_upstream CROSS JOIN job ON job.seq = named.job \(JobRecord.bodies)
        WHERE named.owner = ?1 AND named.upstream_id = ?2 AND job.request_format = ?3 AND job.owner = ?1
              AND NOT EXISTS (SELECT 1 FROM job_attempt AS later WHERE later.job = named.job AND later.epoch > named.epoch)
        ORDER BY named.job DESC LIMIT 1
        """

    /// The newest of an owner's jobs in a format whose newest attempt got an answer of that name.
    func record(upstreamID: String, format: RequestFormat, owner: OwnerID) throws -> JobRecord? {
        let found = try first(Database.upstreamSQL, owner, upstreamID, format) { row in
            (seq: row.int64(), record: try JobRecord(&row))
        }
        guard let found, found.record.input != nil else { return nil }
        return try withAttempts(found.record, found.seq)
    }
}

extension Ancestor {
    /// Reads what follows the sizes in ``GRDB/Database/lineageSQL``.
    ///
    /// - Throws: ``StoreError`` for a word that this version does not know.
    fileprivate init(_ id: JobID, hasLog: Bool, withBodies: Bool, _ row: inout RowReader) throws {
        let format = try row.word(RequestFormat.self)
        let finishedAt = row.time()
        var (input, result) = ([UInt8](), [UInt8]())
        if withBodies { (input, result) = (row.bytes(), row.bytes()) } else { row.skip(2) }
        var log: StoredLog?
        if withBodies, hasLog { log = StoredLog(bytes: row.bytes(), isComplete: row.bool()) } else { row.skip(2) }
        self.init(
            id: id,
            format: format,
            finishedAt: finishedAt,
            input: input,
            result: result,
            log: log,
            account: row.optional { $0.text() },
            upstreamID: row.optional { $0.text() }
        )
    }
}
