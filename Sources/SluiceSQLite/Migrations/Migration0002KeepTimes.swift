extension Migration {
    /// How long each job may wait, so that a redrive can give it the same time again; and the time of day that is believed,
    /// so that a start with a wrong clock purges nothing.
    static let keepTimes = Migration(
        version: 2,
        sql: """
            -- 1. In milliseconds from the moment at which the job is due; NULL without a deadline. Of a job that was claimed
            -- before, that moment is not known any more: its delay counts in.
            ALTER TABLE job ADD COLUMN time_given INTEGER;
            UPDATE job
            SET time_given = deadline_at - iif(epoch = 0, max(created_at, run_at), created_at)
            WHERE deadline_at IS NOT NULL;

            -- 2. One row at most.
            CREATE TABLE clock (
                id       INTEGER PRIMARY KEY CHECK (id = 1),
                noted_at INTEGER NOT NULL
            ) STRICT;
            INSERT INTO clock (id, noted_at) SELECT 1, created_at FROM job ORDER BY seq DESC LIMIT 1;

            PRAGMA user_version = 2;
            """
    )
}
