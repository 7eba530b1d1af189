import SluiceStore

extension CheckRule {
    /// I9: the same key with the same body is the same job.
    static let keys = [
        CheckRule(
            .keys,
            "an idempotency key stands for a job",
            """
            SELECT idempotency.job FROM idempotency
            WHERE NOT EXISTS (SELECT 1 FROM job WHERE job.seq = idempotency.job)
            """
        ),
        CheckRule(
            .keys,
            "an idempotency key and its job have the same owner",
            """
            SELECT DISTINCT job.seq
            FROM idempotency JOIN job ON job.seq = idempotency.job
            WHERE idempotency.owner <> job.owner
            """
        ),
        CheckRule(
            .keys,
            "an idempotency key and its job have the same fingerprint",
            """
            SELECT DISTINCT job.seq
            FROM idempotency JOIN job ON job.seq = idempotency.job
            WHERE idempotency.fingerprint <> job.fingerprint
            """
        ),
    ]
}
