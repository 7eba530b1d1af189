import GRDB

/// The database as a killed gateway left it, looked at while nobody serves.
enum CrashFile {
    /// What must be zero in any database, whatever happened.
    private static let counts = [
        "attempts that do not add up to the epoch": """
        SELECT count(*) FROM job
        WHERE epoch <> interrupts + (state = 'cancelled')
                       + (SELECT count(*) FROM job_attempt WHERE job_attempt.job = job.seq)
        """,
        "results of jobs that have not succeeded with them": """
        SELECT count(*) FROM job JOIN job_result ON job_result.job = job.seq
        WHERE job.state <> 'succeeded' OR job.epoch <> job_result.epoch
        """,
        "succeeded jobs without a result": """
        SELECT count(*) FROM job JOIN job_input ON job_input.job = job.seq
        WHERE job.state = 'succeeded'
              AND NOT EXISTS (SELECT 1 FROM job_result WHERE job_result.job = job.seq)
        """,
        "open jobs without an input": """
        SELECT count(*) FROM job
        WHERE state IN ('queued', 'running')
              AND NOT EXISTS (SELECT 1 FROM job_input WHERE job_input.job = job.seq)
        """,
        "keys of no job": """
        SELECT count(*) FROM idempotency
        WHERE NOT EXISTS (SELECT 1 FROM job WHERE job.seq = idempotency.job)
        """,
    ]

    /// What is wrong with it; nothing when all is well.
    ///
    /// It is opened to be read alone, so that closing it moves nothing: the next life must find the WAL as it was.
    static func faults(at path: String) throws -> [String] {
        var configuration = Configuration()
        configuration.readonly = true
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        defer { try? queue.close() }
        return try queue.read { db in
            let check = try String.fetchAll(db, sql: "PRAGMA quick_check")
            var faults = check == ["ok"] ? [] : check
            // A first start that was killed has made no tables yet.
            guard try db.tableExists("probe") else { return faults }
            for (name, sql) in counts {
                let count = try Int.fetchOne(db, sql: sql) ?? 0
                if count > 0 { faults.append("\(count) \(name)") }
            }
            return faults
        }
    }
}
