extension Migration {
    /// All tables of a store.
    ///
    /// Times are milliseconds since 1970, ids of jobs their 16 bytes, states and the like the words of `SluiceTypes`.
    /// `job` is the hot row; what is large or written once lies beside it under `job.seq`, which is the table's key and
    /// so needs no index of its own there.
    ///
    /// There are no foreign keys: every statement that adds a row beside a job stands in a transaction that has just
    /// written or read that job, and a purge names each table. A key would look the same row up once more for every
    /// row of the hot path.
    ///
    /// A check ties columns to each other or bounds a length. It lists no words and no limits that may change, because
    /// SQLite can't alter one: words are judged when they are read, and by `sluice check`. Lengths are in bytes, by a
    /// cast: `length` of a text counts characters, and copies the text to do it.
    static let createTables = Migration(
        version: 19,
        sql: """
            -- 1. People.
            CREATE TABLE owner (
                id          TEXT NOT NULL PRIMARY KEY CHECK (length(CAST(id AS BLOB)) <= 128),
                name        TEXT NOT NULL UNIQUE CHECK (length(CAST(name AS BLOB)) <= 256),
                created_at  INTEGER NOT NULL,
                -- An owner that was deleted has another name, and until `cleared_at` jobs with bodies.
                deleted_at  INTEGER,
                cleared_at  INTEGER,
                disabled_at INTEGER,
                CHECK (cleared_at IS NULL OR deleted_at IS NOT NULL)
            ) STRICT;
            CREATE INDEX owner_uncleared ON owner (deleted_at) WHERE deleted_at IS NOT NULL AND cleared_at IS NULL;

            CREATE TABLE token (
                id           TEXT NOT NULL PRIMARY KEY CHECK (length(CAST(id AS BLOB)) <= 32),
                owner        TEXT NOT NULL CHECK (length(CAST(owner AS BLOB)) <= 128),
                name         TEXT NOT NULL CHECK (length(CAST(name AS BLOB)) <= 256),
                hash         BLOB NOT NULL CHECK (length(hash) = 32),
                imported     INTEGER NOT NULL CHECK (imported IN (0, 1)),
                scopes       TEXT NOT NULL,
                types        TEXT,
                models       TEXT,
                tag          TEXT CHECK (length(CAST(tag AS BLOB)) <= 64),
                created_at   INTEGER NOT NULL,
                expires_at   INTEGER,
                last_used_at INTEGER,
                replaced_by  TEXT CHECK (length(CAST(replaced_by AS BLOB)) <= 32),
                revoked_at   INTEGER
            ) STRICT;
            CREATE INDEX token_owner ON token (owner);
            CREATE INDEX token_hash ON token (hash);
            CREATE UNIQUE INDEX token_imported ON token (hash) WHERE imported = 1;

            -- 2. The hot row.
            CREATE TABLE job (
                seq            INTEGER PRIMARY KEY,
                id             BLOB NOT NULL CHECK (length(id) = 16),
                owner          TEXT NOT NULL CHECK (length(CAST(owner AS BLOB)) <= 128),
                token          TEXT CHECK (length(CAST(token AS BLOB)) <= 32),
                surface        TEXT NOT NULL CHECK (length(CAST(surface AS BLOB)) <= 32),
                entry          TEXT NOT NULL CHECK (length(CAST(entry AS BLOB)) <= 32),
                type           TEXT NOT NULL CHECK (length(CAST(type AS BLOB)) <= 32),
                model          TEXT NOT NULL CHECK (length(CAST(model AS BLOB)) <= 256),
                route          TEXT NOT NULL CHECK (length(CAST(route AS BLOB)) <= 1024),
                request_format TEXT NOT NULL CHECK (length(CAST(request_format AS BLOB)) <= 32),
                stream         INTEGER NOT NULL CHECK (stream IN (0, 1)),
                session        TEXT CHECK (length(CAST(session AS BLOB)) <= 256),
                tag            TEXT CHECK (length(CAST(tag AS BLOB)) <= 64),
                previous       BLOB CHECK (length(previous) = 16),
                thread         BLOB CHECK (length(thread) = 16),
                depth          INTEGER CHECK (depth >= 1),
                input_bytes    INTEGER NOT NULL CHECK (input_bytes >= 0),
                -- Tokens and counts, estimated where the job came in.
                size_input       INTEGER NOT NULL CHECK (size_input >= 0),
                size_most_input  INTEGER NOT NULL CHECK (size_most_input >= 0),
                size_most_output INTEGER CHECK (size_most_output >= 0),
                size_answers     INTEGER NOT NULL CHECK (size_answers >= 1),
                size_searches    INTEGER NOT NULL CHECK (size_searches >= 0),
                lane           TEXT NOT NULL CHECK (length(CAST(lane AS BLOB)) <= 32),
                state          TEXT NOT NULL CHECK (length(CAST(state AS BLOB)) <= 32),
                epoch          INTEGER NOT NULL CHECK (epoch >= 0),
                failures       INTEGER NOT NULL DEFAULT 0 CHECK (failures >= 0),
                interrupts     INTEGER NOT NULL DEFAULT 0 CHECK (interrupts >= 0),
                tries          INTEGER NOT NULL CHECK (tries >= 1),
                deferred_since INTEGER,
                run_at         INTEGER NOT NULL,
                time_given     INTEGER,
                keeps_bodies   INTEGER CHECK (keeps_bodies >= 0),
                boot           TEXT CHECK (length(CAST(boot AS BLOB)) <= 32),
                deadline_at    INTEGER,
                on_unknown     TEXT NOT NULL CHECK (length(CAST(on_unknown AS BLOB)) <= 32),
                fingerprint    BLOB NOT NULL CHECK (length(fingerprint) = 32),
                retry_of       BLOB CHECK (length(retry_of) = 16),
                superseded_by  BLOB CHECK (length(superseded_by) = 16),
                created_at     INTEGER NOT NULL,
                redriven_at    INTEGER,
                finished_at    INTEGER,
                expires_at     INTEGER,
                bodies_until   INTEGER,
                error_class    TEXT CHECK (length(CAST(error_class AS BLOB)) <= 32),
                CHECK (failures <= tries),
                CHECK ((state = 'running') = (boot IS NOT NULL)),
                CHECK (state <> 'running' OR epoch > 0),
                CHECK ((state = 'queued' OR state = 'running') = (finished_at IS NULL)),
                CHECK ((finished_at IS NULL) = (expires_at IS NULL)),
                CHECK ((state = 'dead') = (error_class IS NOT NULL)),
                CHECK (state <> 'succeeded' OR deferred_since IS NULL),
                CHECK (superseded_by IS NULL OR (finished_at IS NOT NULL AND state <> 'succeeded')),
                CHECK ((time_given IS NULL) = (deadline_at IS NULL)),
                CHECK ((previous IS NULL) = (thread IS NULL)),
                CHECK ((previous IS NULL) = (depth IS NULL)),
                CHECK (bodies_until IS NULL OR (keeps_bodies IS NOT NULL AND finished_at IS NOT NULL))
            ) STRICT;
            CREATE UNIQUE INDEX job_id ON job (id);
            -- Owners stand before time: docs/decisions/0002-ready-index-by-owner.md.
            CREATE INDEX job_ready ON job (lane, type, request_format, route, owner, run_at, seq) WHERE state = 'queued';
            CREATE INDEX job_deadline ON job (deadline_at) WHERE state = 'queued' AND deadline_at IS NOT NULL;
            CREATE INDEX job_expiry ON job (expires_at) WHERE expires_at IS NOT NULL;
            CREATE INDEX job_bodies ON job (bodies_until) WHERE bodies_until IS NOT NULL;
            -- Of the jobs of a thread all but its first; those that have not ended stand first.
            CREATE INDEX job_thread ON job (thread, expires_at) WHERE thread IS NOT NULL;
            -- The entry stands first: of dead calls there may be many more than of dead letters.
            CREATE INDEX job_dead ON job (entry, seq) WHERE state = 'dead';
            -- An owner's jobs, by their states. All together they are its list, newest first, so that no index holds all of them besides;
            -- a job that comes is written into one of them, as it would be into that. What runs, of all owners, is few.
            CREATE INDEX job_owner_dead ON job (owner, entry, seq) WHERE state = 'dead';
            CREATE INDEX job_owner_cancelled ON job (owner, seq) WHERE state = 'cancelled';
            CREATE INDEX job_owner_queued ON job (owner, seq) WHERE state = 'queued';
            CREATE INDEX job_owner_running ON job (owner, seq) WHERE state = 'running';
            CREATE INDEX job_owner_succeeded ON job (owner, seq) WHERE state = 'succeeded';

            -- 3. What was asked: the received bytes, never changed. What is looked for stands first, since whoever reads a later column
            -- of a row reads what lies before it.
            CREATE TABLE job_input (
                job      INTEGER PRIMARY KEY,
                metadata BLOB,
                trace    BLOB CHECK (length(trace) <= 1024),
                fields   BLOB CHECK (length(fields) <= 65536),
                body     BLOB NOT NULL
            ) STRICT;

            -- 4. The answer: one for each job, by its key; never updated, by the trigger.
            CREATE TABLE job_result (
                job       INTEGER PRIMARY KEY,
                epoch     INTEGER NOT NULL,
                body      BLOB NOT NULL,
                finish    TEXT NOT NULL CHECK (length(CAST(finish AS BLOB)) <= 32),
                stored_at INTEGER NOT NULL
            ) STRICT;
            CREATE TRIGGER job_result_is_written_once BEFORE UPDATE ON job_result
            BEGIN SELECT RAISE(ABORT, 'a result is never changed'); END;

            -- 5. What each attempt did, used and left behind.
            CREATE TABLE job_attempt (
                job             INTEGER NOT NULL,
                epoch           INTEGER NOT NULL CHECK (epoch > 0),
                owner           TEXT NOT NULL CHECK (length(CAST(owner AS BLOB)) <= 128),
                row             TEXT NOT NULL CHECK (length(CAST(row AS BLOB)) <= 128),
                credential      TEXT CHECK (length(CAST(credential AS BLOB)) <= 1024),
                account         TEXT CHECK (length(CAST(account AS BLOB)) <= 64),
                model           TEXT NOT NULL CHECK (length(CAST(model AS BLOB)) <= 256),
                config          TEXT NOT NULL CHECK (length(CAST(config AS BLOB)) <= 128),
                started_at      INTEGER NOT NULL,
                first_byte_at   INTEGER,
                ended_at        INTEGER,
                outcome         TEXT CHECK (length(CAST(outcome AS BLOB)) <= 32),
                http_status     INTEGER,
                error_class     TEXT CHECK (length(CAST(error_class AS BLOB)) <= 32),
                message         TEXT CHECK (length(CAST(message AS BLOB)) <= 2048),
                upstream_id     TEXT CHECK (length(CAST(upstream_id AS BLOB)) <= 256),
                finish_upstream TEXT CHECK (length(CAST(finish_upstream AS BLOB)) <= 256),
                dropped         TEXT CHECK (length(CAST(dropped AS BLOB)) <= 16384),
                rebuilt_turns   INTEGER CHECK (rebuilt_turns >= 0),
                -- Only while it is open: what its line says if nobody sees its end.
                likely_units    TEXT CHECK (length(CAST(likely_units AS BLOB)) <= 4096),
                high_units      TEXT CHECK (length(CAST(high_units AS BLOB)) <= 4096),
                hold            INTEGER CHECK (hold >= 0),
                high            INTEGER CHECK (high >= 0),
                counted         INTEGER,
                unpriced        TEXT CHECK (length(CAST(unpriced AS BLOB)) <= 256),
                PRIMARY KEY (job, epoch),
                CHECK ((outcome IS NULL) = (ended_at IS NULL)),
                CHECK (outcome IS NULL OR counted IS NULL),
                CHECK ((likely_units IS NULL) = (counted IS NULL)),
                CHECK ((high_units IS NULL) = (counted IS NULL)),
                CHECK ((hold IS NULL) = (high IS NULL)),
                CHECK (hold IS NULL OR (counted IS NOT NULL AND unpriced IS NULL))
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX attempt_upstream ON job_attempt (owner, upstream_id) WHERE upstream_id IS NOT NULL;

            CREATE TABLE job_output (
                job      INTEGER NOT NULL,
                epoch    INTEGER NOT NULL,
                log      BLOB NOT NULL,
                text     TEXT NOT NULL,
                complete INTEGER NOT NULL CHECK (complete IN (0, 1)),
                PRIMARY KEY (job, epoch)
            ) STRICT;

            -- 6. What each attempt used and cost, by the job's id: a line outlives its job. Units are JSON objects, money is in
            -- nano-dollars, and names are small integers, 0 for none. Sums are of a UTC day, in days since 1970.
            CREATE TABLE name (
                id    INTEGER PRIMARY KEY,
                kind  TEXT NOT NULL CHECK (length(CAST(kind AS BLOB)) <= 32),
                name  TEXT NOT NULL CHECK (length(CAST(name AS BLOB)) <= 256),
                UNIQUE (name, kind)
            ) STRICT;

            CREATE TABLE ledger (
                job           BLOB NOT NULL CHECK (length(job) = 16),
                epoch         INTEGER NOT NULL CHECK (epoch > 0),
                owner         INTEGER NOT NULL,
                token         INTEGER NOT NULL,
                provider      INTEGER NOT NULL,
                model         INTEGER NOT NULL,
                tag           INTEGER NOT NULL,
                at            INTEGER NOT NULL,
                session       BLOB CHECK (length(session) = 8),
                basis         TEXT NOT NULL CHECK (length(CAST(basis AS BLOB)) <= 32),
                state         TEXT NOT NULL CHECK (length(CAST(state AS BLOB)) <= 32),
                reason        TEXT CHECK (length(CAST(reason AS BLOB)) <= 256),
                units         TEXT NOT NULL CHECK (length(CAST(units AS BLOB)) <= 4096),
                units_low     TEXT CHECK (length(CAST(units_low AS BLOB)) <= 4096),
                units_high    TEXT CHECK (length(CAST(units_high AS BLOB)) <= 4096),
                raw           BLOB CHECK (length(raw) <= 4096),
                price         TEXT CHECK (length(CAST(price AS BLOB)) <= 32),
                price_version TEXT CHECK (length(CAST(price_version AS BLOB)) <= 256),
                price_variant TEXT CHECK (length(CAST(price_variant AS BLOB)) <= 256),
                cost          INTEGER,
                low           INTEGER,
                likely        INTEGER,
                high          INTEGER,
                counted       INTEGER NOT NULL,
                served        TEXT CHECK (length(CAST(served AS BLOB)) <= 256),
                terms         TEXT CHECK (length(CAST(terms AS BLOB)) <= 4096),
                parts         TEXT CHECK (length(CAST(parts AS BLOB)) <= 16384),
                PRIMARY KEY (job, epoch),
                CHECK ((units_low IS NULL) = (units_high IS NULL)),
                CHECK ((state = 'priced') = (cost IS NOT NULL)),
                CHECK ((state = 'unpriced') = (reason IS NOT NULL)),
                CHECK ((state = 'priced') = (low IS NULL)),
                CHECK ((state = 'unknown') = (likely IS NOT NULL)),
                CHECK ((state = 'unknown') = (high IS NOT NULL)),
                CHECK (state <> 'unknown' OR (low <= likely AND likely <= high)),
                CHECK (price IS NOT NULL OR (price_version IS NULL AND price_variant IS NULL))
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX ledger_at ON ledger (at);

            CREATE TABLE usage_day (
                owner         INTEGER NOT NULL,
                token         INTEGER NOT NULL,
                provider      INTEGER NOT NULL,
                model         INTEGER NOT NULL,
                tag           INTEGER NOT NULL,
                day           INTEGER NOT NULL,
                node          INTEGER NOT NULL,
                priced        INTEGER NOT NULL,
                unpriced      INTEGER NOT NULL,
                unknown       INTEGER NOT NULL,
                input         INTEGER NOT NULL,
                cached        INTEGER NOT NULL,
                cache_written INTEGER NOT NULL,
                output        INTEGER NOT NULL,
                reasoning     INTEGER NOT NULL,
                cost          INTEGER NOT NULL,
                low           INTEGER NOT NULL,
                likely        INTEGER NOT NULL,
                high          INTEGER NOT NULL,
                counted       INTEGER NOT NULL,
                PRIMARY KEY (day, owner, token, provider, model, tag, node)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX usage_day_model ON usage_day (model);

            -- What owners and tokens may do, by their ids; a token that has taken another's place shares the other's. What was spent of a
            -- budget, by the number of that id's name: of a window until it ends, and of those that went before. `purged` is what lines
            -- had counted that are gone; `told` is the highest mark that was reached, and `alarmed` the highest of which whoever is to be
            -- called was told.
            CREATE TABLE limits (
                account       TEXT NOT NULL PRIMARY KEY CHECK (length(CAST(account AS BLOB)) <= 128),
                kind          TEXT NOT NULL CHECK (length(CAST(kind AS BLOB)) <= 32),
                rpm           INTEGER CHECK (rpm >= 0),
                tpm           INTEGER CHECK (tpm >= 0),
                at_once       INTEGER CHECK (at_once >= 0),
                queued        INTEGER CHECK (queued >= 0),
                queued_bytes  INTEGER CHECK (queued_bytes >= 0),
                budget        INTEGER CHECK (budget >= 0),
                period        TEXT CHECK (length(CAST(period AS BLOB)) <= 32),
                strict        INTEGER CHECK (strict IN (0, 1)),
                since         INTEGER,
                unpriced      TEXT CHECK (length(CAST(unpriced AS BLOB)) <= 64),
                trial         TEXT NOT NULL CHECK (length(CAST(trial AS BLOB)) <= 256),
                CHECK ((budget IS NULL) = (period IS NULL)),
                CHECK ((budget IS NULL) = (strict IS NULL)),
                CHECK ((budget IS NULL) = (since IS NULL))
            ) STRICT, WITHOUT ROWID;
            -- How many jobs there are: by state, entry and lane, those that have not ended by their group besides, and those that wait by
            -- their owner. There is no row where there are none.
            CREATE TABLE job_count (
                state          TEXT NOT NULL CHECK (length(CAST(state AS BLOB)) <= 32),
                entry          TEXT NOT NULL CHECK (length(CAST(entry AS BLOB)) <= 32),
                lane           TEXT NOT NULL CHECK (length(CAST(lane AS BLOB)) <= 32),
                type           TEXT NOT NULL CHECK (length(CAST(type AS BLOB)) <= 32),
                request_format TEXT NOT NULL CHECK (length(CAST(request_format AS BLOB)) <= 32),
                route          TEXT NOT NULL CHECK (length(CAST(route AS BLOB)) <= 1024),
                owner          TEXT NOT NULL CHECK (length(CAST(owner AS BLOB)) <= 128),
                jobs           INTEGER NOT NULL CHECK (jobs <> 0),
                PRIMARY KEY (state, entry, lane, type, request_format, route, owner)
            ) STRICT, WITHOUT ROWID;
            -- What waits of owners and tokens, by their ids; there is no row where nothing does.
            CREATE TABLE queue_size (
                account       TEXT NOT NULL PRIMARY KEY CHECK (length(CAST(account AS BLOB)) <= 128),
                jobs          INTEGER NOT NULL,
                bytes         INTEGER NOT NULL
            ) STRICT, WITHOUT ROWID;
            CREATE TABLE limits_share (
                token         TEXT NOT NULL PRIMARY KEY CHECK (length(CAST(token AS BLOB)) <= 128),
                account       TEXT NOT NULL CHECK (length(CAST(account AS BLOB)) <= 128)
            ) STRICT, WITHOUT ROWID;
            CREATE TABLE spend (
                account       INTEGER NOT NULL,
                begins        INTEGER NOT NULL,
                ends          INTEGER,
                node          INTEGER NOT NULL,
                counted       INTEGER NOT NULL,
                purged        INTEGER NOT NULL,
                told          INTEGER NOT NULL CHECK (told >= 0),
                alarmed       INTEGER NOT NULL CHECK (alarmed >= 0),
                PRIMARY KEY (account, begins, node),
                CHECK (ends IS NULL OR ends > begins)
            ) STRICT, WITHOUT ROWID;
            -- Prices that were set at run time, by row and model.
            CREATE TABLE price_set (
                provider      TEXT NOT NULL CHECK (length(CAST(provider AS BLOB)) <= 128),
                model         TEXT NOT NULL CHECK (length(CAST(model AS BLOB)) <= 256),
                prices        BLOB NOT NULL CHECK (length(prices) <= 65536),
                set_at        INTEGER NOT NULL,
                PRIMARY KEY (provider, model)
            ) STRICT, WITHOUT ROWID;
            -- What lines cost before they were changed, by the run that did it: a run that ended says when, and one that takes another back
            -- says which. `new_` is what the line says since; it stands here so that the one can be held against the other.
            CREATE TABLE ledger_run (
                id            INTEGER PRIMARY KEY,
                actor         TEXT NOT NULL CHECK (length(CAST(actor AS BLOB)) <= 256),
                begun_at      INTEGER NOT NULL,
                ended_at      INTEGER,
                undoes        INTEGER,
                since         INTEGER,
                until         INTEGER,
                provider      TEXT CHECK (length(CAST(provider AS BLOB)) <= 256),
                model         TEXT CHECK (length(CAST(model AS BLOB)) <= 1024),
                takes_all     INTEGER CHECK (takes_all IN (0, 1)),
                CHECK ((undoes IS NULL) = (since IS NOT NULL)),
                CHECK ((since IS NULL) = (until IS NULL)),
                CHECK ((since IS NULL) = (takes_all IS NULL))
            ) STRICT;
            CREATE TABLE ledger_change (
                job           BLOB NOT NULL CHECK (length(job) = 16),
                epoch         INTEGER NOT NULL CHECK (epoch > 0),
                run           INTEGER NOT NULL,
                state         TEXT NOT NULL CHECK (length(CAST(state AS BLOB)) <= 32),
                reason        TEXT CHECK (length(CAST(reason AS BLOB)) <= 256),
                price         TEXT CHECK (length(CAST(price AS BLOB)) <= 32),
                price_version TEXT CHECK (length(CAST(price_version AS BLOB)) <= 256),
                price_variant TEXT CHECK (length(CAST(price_variant AS BLOB)) <= 256),
                cost          INTEGER,
                low           INTEGER,
                likely        INTEGER,
                high          INTEGER,
                counted       INTEGER NOT NULL,
                new_state     TEXT NOT NULL CHECK (length(CAST(new_state AS BLOB)) <= 32),
                new_cost      INTEGER,
                new_low       INTEGER,
                new_likely    INTEGER,
                new_high      INTEGER,
                new_counted   INTEGER NOT NULL,
                PRIMARY KEY (job, epoch, run)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX ledger_change_run ON ledger_change (run);

            -- 7. Idempotency keys.
            CREATE TABLE idempotency (
                owner       TEXT NOT NULL CHECK (length(CAST(owner AS BLOB)) <= 128),
                key         TEXT NOT NULL CHECK (length(CAST(key AS BLOB)) <= 256),
                fingerprint BLOB NOT NULL CHECK (length(fingerprint) = 32),
                job         INTEGER NOT NULL,
                expires_at  INTEGER NOT NULL,
                PRIMARY KEY (owner, key)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX idempotency_job ON idempotency (job);
            CREATE INDEX idempotency_expiry ON idempotency (expires_at);

            -- 8. What providers are to delete, for whoever has deleted it here.
            CREATE TABLE upstream_delete (
                id          INTEGER PRIMARY KEY,
                owner       TEXT NOT NULL CHECK (length(CAST(owner AS BLOB)) <= 128),
                row         TEXT NOT NULL CHECK (length(CAST(row AS BLOB)) <= 128),
                account     TEXT CHECK (length(CAST(account AS BLOB)) <= 64),
                upstream_id TEXT NOT NULL CHECK (length(CAST(upstream_id AS BLOB)) <= 256),
                made_at     INTEGER NOT NULL,
                due_at      INTEGER NOT NULL,
                tries       INTEGER NOT NULL CHECK (tries >= 0),
                until       INTEGER NOT NULL,
                CHECK (until > made_at)
            ) STRICT;
            CREATE INDEX upstream_delete_due ON upstream_delete (due_at);
            CREATE INDEX upstream_delete_until ON upstream_delete (until);

            -- 9. Configurations that attempts used.
            -- Rows that operators have paused.
            CREATE TABLE row_pause (
                row     TEXT NOT NULL PRIMARY KEY CHECK (length(CAST(row AS BLOB)) <= 256),
                since   INTEGER NOT NULL,
                actor   TEXT NOT NULL CHECK (length(CAST(actor AS BLOB)) <= 256)
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE config (
                hash    TEXT NOT NULL PRIMARY KEY CHECK (length(CAST(hash AS BLOB)) <= 128),
                json    BLOB NOT NULL,
                seen_at INTEGER NOT NULL
            ) STRICT;

            -- 10. The audit, append-only by its triggers: only what is older than `meta.audit_from` goes.
            CREATE TABLE audit (
                seq     INTEGER PRIMARY KEY,
                at      INTEGER NOT NULL,
                actor   TEXT NOT NULL CHECK (length(CAST(actor AS BLOB)) <= 256),
                action  TEXT NOT NULL CHECK (length(CAST(action AS BLOB)) <= 64),
                subject TEXT NOT NULL CHECK (length(CAST(subject AS BLOB)) <= 4096),
                result  TEXT NOT NULL CHECK (length(CAST(result AS BLOB)) <= 8192)
            ) STRICT;
            CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit
            BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
            CREATE TRIGGER audit_is_cut_by_age BEFORE DELETE ON audit WHEN OLD.at >= (SELECT audit_from FROM meta WHERE id = 1)
            BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;

            -- 11. The time of day that is believed, so that a start with a wrong clock purges nothing: one row at most.
            CREATE TABLE clock (
                id       INTEGER PRIMARY KEY CHECK (id = 1),
                noted_at INTEGER NOT NULL
            ) STRICT;

            -- 12. What is the store's own: one row, made with the tables. The secret is the key of the HMACs by which accounts
            -- are known; of the audit nothing is kept from before `audit_from`, of the ledger no line from before the day `ledger_from`.
            CREATE TABLE meta (
                id         INTEGER PRIMARY KEY CHECK (id = 1),
                secret      BLOB NOT NULL CHECK (length(secret) = 32),
                audit_from INTEGER NOT NULL DEFAULT 0,
                ledger_from INTEGER NOT NULL DEFAULT 0
            ) STRICT;

            -- 13. Where the store proves that it can write.
            CREATE TABLE probe (
                id      INTEGER PRIMARY KEY,
                ballast BLOB NOT NULL
            ) STRICT;

            PRAGMA user_version = 19;
            """
    )
}
