import SluiceStore

extension CheckRule {
    /// I7: every claim has exactly one attempt row.
    static let oneAttemptPerClaim = [
        CheckRule(
            .oneAttemptPerClaim,
            "a claim has one attempt at most",
            "SELECT DISTINCT job FROM job_attempt GROUP BY job, epoch HAVING count(*) > 1"
        ),
        CheckRule(
            .oneAttemptPerClaim,
            "a job that runs, or has succeeded, has the attempt of its epoch",
            """
            SELECT job.seq FROM job
            WHERE job.state IN ('running', 'succeeded')
                  AND NOT EXISTS (SELECT 1 FROM job_attempt
                                  WHERE job_attempt.job = job.seq AND job_attempt.epoch = job.epoch)
            """
        ),
        CheckRule(
            .oneAttemptPerClaim,
            "a job whose attempts failed has an attempt",
            """
            SELECT job.seq FROM job
            WHERE (job.failures > 0 OR job.interrupts > 0)
                  AND NOT EXISTS (SELECT 1 FROM job_attempt WHERE job_attempt.job = job.seq)
            """
        ),
        CheckRule(
            .oneAttemptPerClaim,
            "an output stands beside its attempt",
            """
            SELECT DISTINCT job_output.job
            FROM job_output JOIN job ON job.seq = job_output.job
            WHERE NOT EXISTS (SELECT 1 FROM job_attempt
                              WHERE job_attempt.job = job_output.job AND job_attempt.epoch = job_output.epoch)
            """
        ),
    ]
}
