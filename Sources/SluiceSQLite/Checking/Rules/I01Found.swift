import SluiceStore

extension CheckRule {
    /// I1: a job that was acknowledged is found until it is purged.
    static let found = [
        CheckRule(
            .found,
            "a job that has not ended has its prompt",
            """
            SELECT job.seq FROM job
            WHERE job.state IN ('queued', 'running')
                  AND NOT EXISTS (SELECT 1 FROM job_input WHERE job_input.job = job.seq)
            """
        ),
        CheckRule(
            .found,
            "a prompt belongs to a job",
            """
            SELECT job_input.job FROM job_input
            WHERE NOT EXISTS (SELECT 1 FROM job WHERE job.seq = job_input.job)
            """
        ),
        CheckRule(
            .found,
            "an answer belongs to a job",
            """
            SELECT job_result.job FROM job_result
            WHERE NOT EXISTS (SELECT 1 FROM job WHERE job.seq = job_result.job)
            """
        ),
        CheckRule(
            .found,
            "an attempt belongs to a job",
            """
            SELECT DISTINCT job_attempt.job FROM job_attempt
            WHERE NOT EXISTS (SELECT 1 FROM job WHERE job.seq = job_attempt.job)
            """
        ),
        CheckRule(
            .found,
            "an attempt's output belongs to a job",
            """
            SELECT DISTINCT job_output.job FROM job_output
            WHERE NOT EXISTS (SELECT 1 FROM job WHERE job.seq = job_output.job)
            """
        ),
    ]
}
