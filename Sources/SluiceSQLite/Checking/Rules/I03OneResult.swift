import SluiceStore

extension CheckRule {
    /// I3: at most one result, never changed.
    ///
    /// That it is never changed is the work of a trigger, which the look at the structure misses where it is gone.
    static let oneResult = [
        CheckRule(
            .oneResult,
            "a job has one answer at most",
            "SELECT job FROM job_result GROUP BY job HAVING count(*) > 1"
        ),
        CheckRule(
            .oneResult,
            "a job that has succeeded has its answer, unless it was deleted",
            """
            SELECT job.seq FROM job JOIN job_input ON job_input.job = job.seq
            WHERE job.state = 'succeeded' AND NOT EXISTS (SELECT 1 FROM job_result WHERE job_result.job = job.seq)
            """
        ),
        CheckRule(
            .oneResult,
            "only a job that has succeeded has an answer",
            """
            SELECT job.seq FROM job_result JOIN job ON job.seq = job_result.job
            WHERE job.state <> 'succeeded'
            """
        ),
    ]
}
