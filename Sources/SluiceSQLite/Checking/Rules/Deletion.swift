import SluiceStore

extension CheckRule {
    /// A deletion takes the prompt, the answer, what attempts left behind, and the key.
    static let deletion = [
        CheckRule(
            .deletion,
            "a job whose prompt was deleted has no answer, no output and no idempotency key",
            """
            SELECT job.seq FROM job
            WHERE job.state NOT IN ('queued', 'running')
                  AND NOT EXISTS (SELECT 1 FROM job_input WHERE job_input.job = job.seq)
                  AND (EXISTS (SELECT 1 FROM job_result WHERE job_result.job = job.seq)
                       OR EXISTS (SELECT 1 FROM job_output WHERE job_output.job = job.seq)
                       OR EXISTS (SELECT 1 FROM idempotency WHERE idempotency.job = job.seq))
            """
        )
    ]
}
