import SluiceStore

extension CheckRule {
    /// The checks of the columns, once more: SQLite leaves them out where it looks at a file that it may not write.
    static let columns = [
        CheckRule(
            .file,
            "a job's columns hold what they may hold",
            """
            SELECT seq FROM job
            WHERE length(id) <> 16 OR length(fingerprint) <> 32 OR length(retry_of) <> 16
                  OR surface NOT IN ('prompt', 'openai')
                  OR type NOT IN ('chat', 'completion', 'embedding')
                  OR lane NOT IN ('interactive', 'bulk')
                  OR state NOT IN ('queued', 'running', 'succeeded', 'dead', 'cancelled')
                  OR on_unknown NOT IN ('retry', 'deadLetter')
                  OR stream NOT IN (0, 1) OR adopted NOT IN (0, 1)
                  OR epoch < 0 OR (epoch = 0 AND state = 'running')
                  OR (lease_until IS NOT NULL AND state <> 'running')
                  OR (deferred_since IS NOT NULL AND state = 'succeeded')
            """
        ),
        CheckRule(
            .file,
            "an attempt's columns hold what they may hold",
            """
            SELECT DISTINCT job FROM job_attempt
            WHERE (outcome IS NULL) <> (ended_at IS NULL)
                  OR outcome NOT IN ('ok', 'failed', 'late', 'unknown', 'released', 'deferred', 'cancelled',
                                     'interrupted')
            """
        ),
    ]
}
