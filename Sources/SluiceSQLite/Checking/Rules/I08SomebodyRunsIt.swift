import SluiceStore

extension CheckRule {
    /// I8: a running job has a living owner, or is rescued.
    ///
    /// Whether the owner lives can't be seen in the file; that there is one to be missed can.
    static let somebodyRunsIt = [
        CheckRule(
            .somebodyRunsIt,
            "a job has a process that runs it if it runs, and only then",
            "SELECT seq FROM job WHERE (state = 'running') <> (boot IS NOT NULL)"
        ),
        CheckRule(
            .somebodyRunsIt,
            "a running job's attempt has not ended",
            """
            SELECT job.seq
            FROM job JOIN job_attempt ON job_attempt.job = job.seq AND job_attempt.epoch = job.epoch
            WHERE job.state = 'running' AND job_attempt.outcome IS NOT NULL
            """
        ),
        CheckRule(
            .somebodyRunsIt,
            "every other attempt has ended",
            """
            SELECT DISTINCT job_attempt.job
            FROM job_attempt JOIN job ON job.seq = job_attempt.job
            WHERE job_attempt.outcome IS NULL AND (job.state <> 'running' OR job_attempt.epoch < job.epoch)
            """
        ),
    ]
}
