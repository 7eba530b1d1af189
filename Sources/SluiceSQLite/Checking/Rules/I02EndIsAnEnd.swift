import SluiceStore

extension CheckRule {
    /// I2: a terminal state never changes, except dead to queued by a redrive.
    static let endIsAnEnd = [
        CheckRule(
            .endIsAnEnd,
            "a job with an attempt that brought its answer has succeeded",
            """
            SELECT DISTINCT job_attempt.job
            FROM job_attempt JOIN job ON job.seq = job_attempt.job
            WHERE job_attempt.outcome = 'ok' AND job.state <> 'succeeded'
            """
        ),
        CheckRule(
            .endIsAnEnd,
            "a job has an end, and a time until which it is kept, if it has ended, and only then",
            """
            SELECT seq FROM job
            WHERE (state IN ('succeeded', 'dead', 'cancelled')) <> (finished_at IS NOT NULL)
                  OR (state IN ('succeeded', 'dead', 'cancelled')) <> (expires_at IS NOT NULL)
            """
        ),
        CheckRule(
            .endIsAnEnd,
            "a job has a class of error if it is dead, and only then",
            "SELECT seq FROM job WHERE (state = 'dead') <> (error_class IS NOT NULL)"
        ),
    ]
}
