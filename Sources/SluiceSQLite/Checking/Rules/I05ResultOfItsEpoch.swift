import SluiceStore

extension CheckRule {
    /// I5: the result's epoch is the one that moved the job to succeeded.
    static let resultOfItsEpoch = [
        CheckRule(
            .resultOfItsEpoch,
            "a succeeded job's answer has the job's own epoch",
            """
            SELECT job.seq FROM job_result JOIN job ON job.seq = job_result.job
            WHERE job.state = 'succeeded' AND job_result.epoch < job.epoch
            """
        ),
        CheckRule(
            .resultOfItsEpoch,
            "the attempt of a succeeded job's epoch is the one that brought its answer",
            """
            SELECT job.seq
            FROM job JOIN job_attempt ON job_attempt.job = job.seq AND job_attempt.epoch = job.epoch
            WHERE job.state = 'succeeded' AND job_attempt.outcome IS NOT NULL AND job_attempt.outcome <> 'ok'
            """
        ),
        CheckRule(
            .resultOfItsEpoch,
            "no attempt before a succeeded job's epoch brought an answer",
            """
            SELECT DISTINCT job.seq
            FROM job_attempt JOIN job ON job.seq = job_attempt.job
            WHERE job.state = 'succeeded' AND job_attempt.outcome = 'ok' AND job_attempt.epoch < job.epoch
            """
        ),
    ]
}
