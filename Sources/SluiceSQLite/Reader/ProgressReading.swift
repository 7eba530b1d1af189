import GRDB
import SluiceStore
import SluiceTypes

extension Database {
    static let newestAttemptSQL = """
        SELECT \(AttemptRecord.columns) FROM job JOIN job_attempt ON job_attempt.job = job.seq \(AttemptRecord.line)
        WHERE job.seq = ?1 ORDER BY job_attempt.epoch DESC LIMIT 1
        """

    /// How a job stands, and with `withLog` what its newest attempt left behind.
    func progress(_ id: JobID, owner: OwnerID?, withLog: Bool) throws -> JobProgress? {
        guard let job = try job(id, owner: owner) else { return nil }
        let attempt = try first(Database.newestAttemptSQL, job.seq) { row in try AttemptRecord(&row) }
        let log = withLog ? try attempt.flatMap { try storedLog(job.seq, epoch: $0.epoch) } : nil
        return JobProgress(state: job.state, attempt: attempt, log: log)
    }

    private func storedLog(_ seq: Int64, epoch: Int64) throws -> StoredLog? {
        try first("SELECT log, complete FROM job_output WHERE job = ?1 AND epoch = ?2", seq, epoch) { row in
            StoredLog(bytes: row.bytes(), isComplete: row.bool())
        }
    }
}
