import SluiceStore

extension CheckRule {
    /// A deletion takes the prompt, the answer, what attempts left behind, and the key; so does the end of a short time.
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
        ),
        CheckRule(
            .deletion,
            "an ended job that keeps its prompt for a short time has it until then, and not without an end",
            """
            SELECT job.seq FROM job
            WHERE job.keeps_bodies IS NOT NULL AND job.finished_at IS NOT NULL
                  AND (job.bodies_until IS NOT NULL)
                      <> EXISTS (SELECT 1 FROM job_input WHERE job_input.job = job.seq)
            """
        ),
        CheckRule(
            .deletion,
            "what a provider is to delete is asked of it for a day at most",
            """
            SELECT -id, 'upstream_delete ' || id FROM upstream_delete
            WHERE until <= made_at OR until - made_at > \(UpstreamDeletion.time.milliseconds) OR due_at < made_at OR tries < 0
            """,
            tellsWhat: true
        ),
    ]
}
