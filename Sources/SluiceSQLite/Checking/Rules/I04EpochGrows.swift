import SluiceStore

extension CheckRule {
    /// I4: the epoch never falls.
    static let epochGrows = [
        CheckRule(
            .epochGrows,
            "no attempt has an epoch that its job has not reached",
            """
            SELECT DISTINCT job_attempt.job
            FROM job_attempt JOIN job ON job.seq = job_attempt.job
            WHERE job_attempt.epoch > job.epoch OR job_attempt.epoch < 1
            """
        ),
        CheckRule(
            .epochGrows,
            "no answer has an epoch that its job has not reached",
            """
            SELECT job_result.job
            FROM job_result JOIN job ON job.seq = job_result.job
            WHERE job_result.epoch > job.epoch
            """
        ),
    ]
}
