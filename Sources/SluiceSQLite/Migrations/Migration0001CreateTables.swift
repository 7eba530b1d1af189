extension Migration {
    /// The first schema.
    ///
    /// Times are milliseconds since 1970, ids of jobs their 16 bytes, states and the like the words of `SluiceTypes`.
    /// `job` is the hot row; what is large or written once lies beside it under `job.seq`, which is the table's key and
    /// so needs no index of its own there.
    ///
    /// There are no foreign keys: every statement that adds a row beside a job stands in a transaction that has just
    /// written or read that job, and a purge names each table. A key would look the same row up once more for every
    /// row of the hot path.
    ///
    /// No list of words in a check has more than two: SQLite makes a table in memory of a longer one, anew for each
    /// statement that writes the column, at the price of the rest of the statement.
    static let createTables = Migration(
        version: 1,
        sql: """
            -- 1. People.
            CREATE TABLE owner (
                id          TEXT NOT NULL PRIMARY KEY,
                name        TEXT NOT NULL UNIQUE,
                created_at  INTEGER NOT NULL
            ) STRICT;

            CREATE TABLE token (
                id           TEXT NOT NULL PRIMARY KEY,
                owner        TEXT NOT NULL,
                name         TEXT NOT NULL,
                hash         BLOB NOT NULL CHECK (length(hash) = 32),
                scopes       TEXT NOT NULL,
                types        TEXT,
                models       TEXT,
                created_at   INTEGER NOT NULL,
                expires_at   INTEGER,
                last_used_at INTEGER,
                replaced_by  TEXT,
                revoked_at   INTEGER
            ) STRICT;
            CREATE INDEX token_owner ON token (owner);

            -- 2. The hot row.
            CREATE TABLE job (
                seq            INTEGER PRIMARY KEY,
                id             BLOB NOT NULL CHECK (length(id) = 16),
                owner          TEXT NOT NULL,
                token          TEXT,
                surface        TEXT NOT NULL CHECK (surface IN ('prompt', 'openai')),
                type           TEXT NOT NULL CHECK (type = 'chat' OR type = 'completion' OR type = 'embedding'),
                model          TEXT NOT NULL,
                stream         INTEGER NOT NULL CHECK (stream IN (0, 1)),
                lane           TEXT NOT NULL CHECK (lane IN ('interactive', 'bulk')),
                state          TEXT NOT NULL CHECK (state = 'queued' OR state = 'running' OR state = 'succeeded'
                                                    OR state = 'dead' OR state = 'cancelled'),
                epoch          INTEGER NOT NULL CHECK (epoch >= 0),
                failures       INTEGER NOT NULL DEFAULT 0 CHECK (failures BETWEEN 0 AND 2),
                interrupts     INTEGER NOT NULL DEFAULT 0 CHECK (interrupts BETWEEN 0 AND 5),
                deferred_since INTEGER,
                run_at         INTEGER NOT NULL,
                boot           TEXT,
                lease_until    INTEGER,
                deadline_at    INTEGER,
                on_unknown     TEXT NOT NULL CHECK (on_unknown IN ('retry', 'deadLetter')),
                fingerprint    BLOB NOT NULL CHECK (length(fingerprint) = 32),
                retry_of       BLOB CHECK (length(retry_of) = 16),
                adopted        INTEGER NOT NULL DEFAULT 0 CHECK (adopted IN (0, 1)),
                created_at     INTEGER NOT NULL,
                finished_at    INTEGER,
                expires_at     INTEGER,
                error_class    TEXT,
                CHECK ((state = 'running') = (boot IS NOT NULL)),
                CHECK (state = 'running' OR lease_until IS NULL),
                CHECK (state <> 'running' OR epoch > 0),
                CHECK ((state NOT IN ('queued', 'running')) = (finished_at IS NOT NULL)),
                CHECK ((state NOT IN ('queued', 'running')) = (expires_at IS NOT NULL)),
                CHECK ((state = 'dead') = (error_class IS NOT NULL)),
                CHECK (state <> 'succeeded' OR deferred_since IS NULL)
            ) STRICT;
            CREATE UNIQUE INDEX job_id ON job (id);
            CREATE INDEX job_listing ON job (owner, seq);
            -- Owners stand before time: docs/decisions/0002-ready-index-by-owner.md.
            CREATE INDEX job_ready ON job (lane, type, model, owner, run_at, seq) WHERE state = 'queued';
            CREATE INDEX job_running ON job (boot) WHERE state = 'running';
            CREATE INDEX job_deadline ON job (deadline_at) WHERE state = 'queued' AND deadline_at IS NOT NULL;
            CREATE INDEX job_expiry ON job (expires_at) WHERE expires_at IS NOT NULL;
            CREATE INDEX job_dead ON job (seq) WHERE state = 'dead';

            -- 3. What was asked: the received bytes, never changed.
            CREATE TABLE job_input (
                job      INTEGER PRIMARY KEY,
                format   TEXT NOT NULL CHECK (format IN ('prompt', 'openai')),
                body     BLOB NOT NULL,
                metadata BLOB
            ) STRICT;

            -- 4. The answer: one for each job, by its key; never updated, by the trigger.
            CREATE TABLE job_result (
                job               INTEGER PRIMARY KEY,
                epoch             INTEGER NOT NULL,
                body              BLOB NOT NULL,
                finish            TEXT NOT NULL,
                prompt_tokens     INTEGER,
                completion_tokens INTEGER,
                total_tokens      INTEGER,
                stored_at         INTEGER NOT NULL
            ) STRICT;
            CREATE TRIGGER job_result_is_written_once BEFORE UPDATE ON job_result
            BEGIN SELECT RAISE(ABORT, 'a result is never changed'); END;

            -- 5. What each attempt did and left behind.
            CREATE TABLE job_attempt (
                job               INTEGER NOT NULL,
                epoch             INTEGER NOT NULL,
                row               TEXT NOT NULL,
                credential        TEXT,
                config            TEXT NOT NULL,
                started_at        INTEGER NOT NULL,
                first_byte_at     INTEGER,
                ended_at          INTEGER,
                outcome           TEXT CHECK (outcome = 'ok' OR outcome = 'failed' OR outcome = 'late'
                                              OR outcome = 'unknown' OR outcome = 'released' OR outcome = 'deferred'
                                              OR outcome = 'cancelled' OR outcome = 'interrupted'),
                http_status       INTEGER,
                error_class       TEXT,
                message           TEXT,
                upstream_id       TEXT,
                prompt_tokens     INTEGER,
                completion_tokens INTEGER,
                total_tokens      INTEGER,
                cost              INTEGER,
                PRIMARY KEY (job, epoch),
                CHECK ((outcome IS NULL) = (ended_at IS NULL))
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE job_output (
                job      INTEGER NOT NULL,
                epoch    INTEGER NOT NULL,
                log      BLOB NOT NULL,
                text     TEXT NOT NULL,
                complete INTEGER NOT NULL CHECK (complete IN (0, 1)),
                PRIMARY KEY (job, epoch)
            ) STRICT;

            -- 6. Idempotency keys.
            CREATE TABLE idempotency (
                owner       TEXT NOT NULL,
                key         TEXT NOT NULL,
                fingerprint BLOB NOT NULL,
                job         INTEGER NOT NULL,
                expires_at  INTEGER NOT NULL,
                PRIMARY KEY (owner, key)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX idempotency_job ON idempotency (job);
            CREATE INDEX idempotency_expiry ON idempotency (expires_at);

            -- 7. Configurations that attempts used.
            CREATE TABLE config (
                hash    TEXT NOT NULL PRIMARY KEY,
                json    BLOB NOT NULL,
                seen_at INTEGER NOT NULL
            ) STRICT;

            -- 8. The audit, append-only by its triggers.
            CREATE TABLE audit (
                seq     INTEGER PRIMARY KEY,
                at      INTEGER NOT NULL,
                actor   TEXT NOT NULL,
                action  TEXT NOT NULL,
                subject TEXT NOT NULL,
                result  TEXT NOT NULL
            ) STRICT;
            CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit
            BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
            CREATE TRIGGER audit_is_never_cut BEFORE DELETE ON audit
            BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;

            -- 9. Where the store proves that it can write.
            CREATE TABLE probe (
                id      INTEGER PRIMARY KEY,
                ballast BLOB NOT NULL
            ) STRICT;

            PRAGMA user_version = 1;
            """
    )
}
