import SluiceStore
import SluiceTypes

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
        CheckRule(
            .keys,
            "a job whose key was handed on has ended without an answer, and surely cost nothing",
            """
            SELECT job.seq FROM job
            WHERE job.superseded_by IS NOT NULL
                  AND (job.state NOT IN ('dead', 'cancelled')
                       OR EXISTS (SELECT 1 FROM job_attempt
                                  WHERE job_attempt.job = job.seq AND job_attempt.outcome IN (\(charged))))
            """
        ),
    ]

    private static let charged = AttemptOutcome.allCases.filter(\.isPossiblyCharged)
        .map { "'\($0.rawValue)'" }.joined(separator: ", ")
}
