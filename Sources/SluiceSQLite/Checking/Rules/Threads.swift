import SluiceStore

extension CheckRule {
    /// What a job continues is there, and the two agree.
    static let threads = [
        CheckRule(
            .thread,
            "a job and the one that it continues have one owner, and stand in one thread a step apart",
            """
            SELECT job.seq FROM job JOIN job AS parent ON parent.id = job.previous
            WHERE parent.owner <> job.owner OR job.thread <> coalesce(parent.thread, parent.id)
                  OR job.depth <> coalesce(parent.depth, 0) + 1
            """
        ),
        CheckRule(
            .thread,
            "a job that is continued has succeeded, and is kept for as long as it can be",
            """
            SELECT DISTINCT parent.seq FROM job JOIN job AS parent ON parent.id = job.previous
            WHERE parent.state <> 'succeeded' OR parent.keeps_bodies IS NOT NULL
            """
        ),
        CheckRule(
            .thread,
            "a job that has not ended has the one that it continues",
            """
            SELECT job.seq FROM job
            WHERE job.previous IS NOT NULL AND job.finished_at IS NULL
                  AND NOT EXISTS (SELECT 1 FROM job AS parent WHERE parent.id = job.previous)
            """
        ),
    ]
}
