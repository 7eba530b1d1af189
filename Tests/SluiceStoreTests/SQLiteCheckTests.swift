import Foundation
import GRDB
import SluiceStore
import SluiceTypes
import Testing

@testable import SluiceSQLite

@Suite("Checking a stored database")
struct SQLiteCheckTests {
    /// A fault put into a store behind its back, and what must be told of it.
    struct Damage: Sendable, CustomTestStringConvertible {
        var sql: String
        var guarantees: Set<Guarantee>
        var job: MixedLife.Fate?

        init(_ guarantees: Set<Guarantee>, _ job: MixedLife.Fate?, _ sql: String) {
            self.sql = sql
            self.guarantees = guarantees
            self.job = job
        }

        var testDescription: String { sql }
    }

    /// `$job` stands for the number of a job with the model of the same name.
    static let damages = [
        Damage([.found], .queued, "DELETE FROM job_input WHERE job = $queued"),
        Damage([.found], nil, "INSERT INTO job_input (job, body) VALUES (999, x'7b7d')"),
        Damage([.found, .ledger], nil, "DELETE FROM job WHERE seq = $dead; DELETE FROM idempotency WHERE job = $dead"),
        Damage(
            [.found, .thread, .ledger],
            nil,
            """
            DELETE FROM job_input WHERE job = $succeeded; DELETE FROM job_output WHERE job = $succeeded;
            DELETE FROM job_attempt WHERE job = $succeeded; DELETE FROM idempotency WHERE job = $succeeded;
            DELETE FROM job WHERE seq = $succeeded
            """
        ),
        Damage([.file, .ledger], .queued, "UPDATE job SET lane = 'fast' WHERE seq = $queued"),
        Damage([.file], .queued, "UPDATE job SET surface = 'fax' WHERE seq = $queued"),
        Damage([.file, .ledger], .queued, "UPDATE job SET entry = 'door' WHERE seq = $queued"),
        Damage([.file, .ledger], .queued, "UPDATE job SET type = 'song' WHERE seq = $queued"),
        Damage([.file, .ledger], .queued, "UPDATE job SET request_format = 'xml' WHERE seq = $queued"),
        Damage([.file], .queued, "UPDATE job SET on_unknown = 'perhaps' WHERE seq = $queued"),
        Damage([.file], .dead, "UPDATE job SET error_class = 'boredom' WHERE seq = $dead"),
        Damage([.file], .dead, "UPDATE job_attempt SET error_class = 'boredom' WHERE job = $dead"),
        Damage([.file], .queued, "UPDATE job SET superseded_by = x'00' WHERE seq = $queued").with(.keys),
        Damage([.keys], .queued, "UPDATE job SET superseded_by = zeroblob(16) WHERE seq = $queued"),
        Damage(
            [.keys, .ledger],
            .dead,
            """
            UPDATE job SET superseded_by = zeroblob(16) WHERE seq = $dead;
            UPDATE job_attempt SET outcome = 'unknown' WHERE job = $dead
            """
        ),
        Damage([.file], .dead, "UPDATE job_attempt SET ended_at = NULL WHERE job = $dead"),
        Damage([.endIsAnEnd], .dead, "UPDATE job_attempt SET outcome = 'ok' WHERE job = $dead").with(.ledger),
        Damage([.endIsAnEnd], .dead, "UPDATE job SET expires_at = NULL WHERE seq = $dead"),
        Damage([.endIsAnEnd], .dead, "UPDATE job SET finished_at = NULL WHERE seq = $dead"),
        Damage([.endIsAnEnd], .dead, "UPDATE job SET error_class = NULL WHERE seq = $dead"),
        Damage([.oneResult], .succeeded, "DELETE FROM job_result WHERE job = $succeeded"),
        Damage(
            [.oneResult],
            .cancelled,
            "INSERT INTO job_result (job, epoch, body, finish, stored_at) VALUES ($cancelled, 1, x'', 'stop', 1)"
        ),
        Damage(
            [.structure, .oneResult],
            .succeeded,
            """
            ALTER TABLE job_result RENAME TO old;
            CREATE TABLE job_result AS SELECT * FROM old UNION ALL SELECT * FROM old WHERE job = $succeeded;
            DROP TABLE old
            """
        ),
        Damage([.epochGrows], .queued, attempt("$queued", 7)),
        Damage([.epochGrows], .dead, "UPDATE job SET epoch = 0 WHERE seq = $dead"),
        Damage([.epochGrows], .dead, attempt("$dead", 0)),
        Damage(
            [.epochGrows],
            .succeeded,
            """
            DROP TRIGGER job_result_is_written_once; UPDATE job_result SET epoch = 5 WHERE job = $succeeded;
            CREATE TRIGGER job_result_is_written_once BEFORE UPDATE ON job_result
            BEGIN SELECT RAISE(ABORT, 'a result is never changed'); END
            """
        ),
        Damage(
            [.resultOfItsEpoch],
            .retried,
            "UPDATE job_attempt SET outcome = 'late' WHERE job = $retried AND epoch = 2"
        ),
        Damage([.resultOfItsEpoch], .retried, "UPDATE job_attempt SET outcome = 'ok' WHERE job = $retried").with(
            .ledger
        ),
        Damage(
            [.resultOfItsEpoch],
            .retried,
            """
            DELETE FROM job_result WHERE job = $retried;
            INSERT INTO job_result (job, epoch, body, finish, stored_at) VALUES ($retried, 1, x'', 'stop', 1)
            """
        ),
        Damage([.counters], .running, "UPDATE job SET failures = 2 WHERE seq = $running"),
        Damage([.counters], .dead, "UPDATE job SET failures = 3 WHERE seq = $dead"),
        Damage([.counters], .queued, "UPDATE job SET interrupts = 5 WHERE seq = $queued; \(attempt("$queued", 0))")
            .with(.epochGrows),
        Damage([.counters], .dead, "UPDATE job SET interrupts = 6 WHERE seq = $dead"),
        Damage([.oneAttemptPerClaim], .running, "DELETE FROM job_attempt WHERE job = $running"),
        Damage([.oneAttemptPerClaim], .deleted, "DELETE FROM job_attempt WHERE job = $deleted"),
        Damage(
            [.oneAttemptPerClaim],
            .dead,
            "DELETE FROM job_attempt WHERE job = $dead; DELETE FROM job_output WHERE job = $dead"
        ),
        Damage([.oneAttemptPerClaim], .retried, "UPDATE job_output SET epoch = 3 WHERE job = $retried AND epoch = 1"),
        Damage(
            [.structure, .oneAttemptPerClaim],
            .cancelled,
            """
            ALTER TABLE job_attempt RENAME TO old;
            CREATE TABLE job_attempt AS SELECT * FROM old UNION ALL SELECT * FROM old WHERE job = $cancelled;
            DROP TABLE old
            """
        ),
        Damage([.somebodyRunsIt], .running, "UPDATE job SET boot = NULL WHERE seq = $running"),
        Damage(
            [.somebodyRunsIt],
            .running,
            "UPDATE job_attempt SET outcome = 'failed', ended_at = 1 WHERE job = $running"
        ),
        Damage(
            [.somebodyRunsIt],
            .cancelled,
            "UPDATE job_attempt SET outcome = NULL, ended_at = NULL WHERE job = $cancelled"
        ),
        Damage(
            [.somebodyRunsIt],
            .retried,
            "UPDATE job_attempt SET outcome = NULL, ended_at = NULL WHERE job = $retried AND epoch = 1"
        ),
        Damage([.keys], nil, "UPDATE idempotency SET job = 999 WHERE job = $queued"),
        Damage([.keys], .queued, "UPDATE idempotency SET owner = 'bob' WHERE job = $queued"),
        Damage([.keys], .queued, "UPDATE idempotency SET fingerprint = zeroblob(32) WHERE job = $queued"),
        Damage([.owners, .ledger], .queued, "UPDATE job SET token = 'bbbbbbbb' WHERE seq = $queued"),
        Damage(
            [.deletion],
            .deleted,
            "INSERT INTO job_result (job, epoch, body, finish, stored_at) VALUES ($deleted, 1, x'', 'stop', 1)"
        ),
        Damage([.deletion], .dead, "DELETE FROM job_input WHERE job = $dead"),
        Damage([.thread], .continuing, "UPDATE job SET depth = 2 WHERE seq = $continuing"),
        Damage([.thread], .continuing, "UPDATE job SET thread = zeroblob(16) WHERE seq = $continuing"),
        Damage([.thread], .continuing, "UPDATE job SET previous = zeroblob(16) WHERE seq = $continuing"),
        Damage(
            [.thread],
            .dead,
            "UPDATE job SET previous = (SELECT id FROM job WHERE seq = $dead) WHERE seq = $continuing"
        ),
        Damage([.file], .continuing, "UPDATE job SET thread = NULL, depth = NULL WHERE seq = $continuing"),
        Damage([.file], .queued, "UPDATE job SET bodies_until = 1 WHERE seq = $queued"),
        Damage([.file], .dead, "UPDATE job_attempt SET rebuilt_turns = -1 WHERE job = $dead"),
        Damage([.deletion], .cancelled, "UPDATE job SET keeps_bodies = 60000 WHERE seq = $cancelled"),
        Damage([.deletion], .deleted, "UPDATE job SET keeps_bodies = 60000, bodies_until = 1 WHERE seq = $deleted"),
        Damage([.deletion], nil, "UPDATE upstream_delete SET until = until + 1"),
        Damage([.deletion], nil, "UPDATE upstream_delete SET due_at = 0"),
        Damage(
            [.ledger],
            .succeeded,
            """
            UPDATE usage_day SET unpriced = unpriced - 1, input = input - 3, output = output - 4
            WHERE (owner, token, provider, model, day) IN (
                SELECT owner, token, provider, model, at / 86400000 FROM ledger
                WHERE job = (SELECT id FROM job WHERE seq = $succeeded));
            DELETE FROM ledger WHERE job = (SELECT id FROM job WHERE seq = $succeeded)
            """
        ),
        Damage([.ledger], nil, "UPDATE usage_day SET input = input + 1"),
        Damage([.ledger], nil, "UPDATE ledger SET counted = counted + 1"),
        Damage([.ledger], nil, "DELETE FROM usage_day"),
        Damage([.ledger], nil, "DELETE FROM queue_size"),
        Damage([.ledger], nil, "UPDATE queue_size SET bytes = bytes + 1"),
        Damage([.ledger], nil, "DELETE FROM name"),
        Damage([.ledger], nil, "DELETE FROM job_count WHERE state = 'dead'"),
        Damage([.ledger], nil, "UPDATE job_count SET jobs = jobs + 1 WHERE state = 'queued'"),
        Damage([.structure], nil, "DROP INDEX job_dead"),
        Damage([.structure], nil, "DROP TRIGGER job_result_is_written_once"),
        Damage([.structure], nil, "CREATE TABLE notes (text)"),
    ]

    private static func attempt(_ job: String, _ epoch: Int) -> String {
        """
        INSERT INTO job_attempt (job, epoch, owner, row, model, config, started_at, ended_at, outcome)
        VALUES (\(job), \(epoch), 'ada', 'alpha', 'm', '', 1, 1, 'failed')
        """
    }

    @Test("names the guarantee that a stored fault breaks, and the job", arguments: damages)
    func damage(_ damage: Damage) async throws {
        try await withDirectory { directory in
            let jobs = try await withStore(in: directory) { store in try await MixedLife.live(in: store) }
            try await withFile(in: directory) { db in
                var sql = damage.sql
                for fate in MixedLife.Fate.allCases {
                    let seq = try Int.fetchOne(
                        db,
                        sql: "SELECT seq FROM job WHERE model = ?",
                        arguments: [fate.rawValue]
                    )
                    sql = sql.replacing("$\(fate.rawValue)", with: String(seq ?? 0))
                }
                try db.execute(sql: "PRAGMA ignore_check_constraints = ON; \(sql)")
            }
            let offline = try await SQLiteStore.check(directory: directory)
            #expect(Set(offline.faults.map(\.guarantee)) == damage.guarantees, "\(offline.faults)")
            if let job = damage.job {
                #expect(offline.faults.contains { $0.jobs == [jobs[job]] }, "\(offline.faults)")
            }
            #expect(!offline.isSound)
            let online = try await withStore(in: directory, mode: .offline) { store in try await store.check() }
            #expect(online == offline)
        }
    }

    @Test("finds nothing in a store to whose jobs everything has come, while it is open and after")
    func sound() async throws {
        try await withDirectory { directory in
            let online = try await withStore(in: directory) { store in
                try await MixedLife.live(in: store)
                return try await store.check()
            }
            #expect(online.faults == [])
            #expect(online.jobs == [.queued: 2, .running: 1, .succeeded: 3, .dead: 1, .cancelled: 1])
            #expect(try await SQLiteStore.check(directory: directory) == online)
        }
    }

    @Test("damaged pages are told in SQLite's words")
    func damagedPages() async throws {
        try await withDirectory { directory in
            try await withStore(in: directory) { store in _ = try await MixedLife.live(in: store) }
            let path = "\(directory)/sluice.db"
            let file = try FileHandle(forUpdating: URL(filePath: path))
            let root = try await rootPage(of: "job_owner_succeeded", directory)
            try file.seek(toOffset: UInt64((root - 1) * 4096 + 8))
            try file.write(contentsOf: Data(repeating: 0xAA, count: 4000))
            try file.close()
            let report = try await SQLiteStore.check(directory: directory)
            let fault = try #require(report.faults.first { $0.guarantee == .file })
            #expect(!fault.details.isEmpty)
        }
    }

    @Test("a look at a store leaves its bytes as they are, and sees what is in the WAL alone")
    func changesNothing() async throws {
        try await withDirectory { directory in
            try await withStore(in: directory) { _ in }
            let copy = "\(directory)/copy"
            try FileManager.default.createDirectory(atPath: copy, withIntermediateDirectories: false)
            try await withStore(in: directory) { store in
                try await MixedLife.live(in: store)
                // As after a kill: the WAL is full and its index is not there.
                for file in ["sluice.db", "sluice.db-wal"] {
                    try FileManager.default.copyItem(atPath: "\(directory)/\(file)", toPath: "\(copy)/\(file)")
                }
            }
            let before = try files(copy)
            let report = try await SQLiteStore.check(directory: copy)
            #expect(report.faults == [])
            #expect(report.jobs[.succeeded] == 3)
            var after = try files(copy)
            after["lock"] = nil
            #expect(after == before)
        }
    }

    @Test("a store that another process has, that is not there, or that is of another version is told in a sentence")
    func refusals() async throws {
        try await withDirectory { directory in
            let refusal: () async -> StoreError? = {
                await storeError { () throws(StoreError) in _ = try await SQLiteStore.check(directory: directory) }
            }
            #expect(await refusal()?.message.contains("there is no store in \(directory)") == true)
            try await withStore(in: directory) { _ in #expect(await refusal()?.code == .locked) }
            try await withFile(in: directory) { db in try db.execute(sql: "PRAGMA user_version = 99") }
            #expect(await refusal()?.message.contains("newer sluice") == true)
            try await withFile(in: directory) { db in try db.execute(sql: "PRAGMA application_id = 1") }
            #expect(await refusal()?.message.contains("another program") == true)
        }
    }

    private func rootPage(of name: String, _ directory: String) async throws -> Int {
        let file = try DatabaseQueue(path: "\(directory)/sluice.db")
        defer { try? file.close() }
        return try await file.read { db in
            try Int.fetchOne(db, sql: "SELECT rootpage FROM sqlite_schema WHERE name = ?", arguments: [name]) ?? 0
        }
    }

    /// Every file of a directory.
    private func files(_ directory: String) throws -> [String: Data] {
        let names = try FileManager.default.contentsOfDirectory(atPath: directory)
        return try Dictionary(names.map { ($0, try Data(contentsOf: URL(filePath: "\(directory)/\($0)"))) }) { $1 }
    }
}

extension SQLiteCheckTests.Damage {
    /// Another guarantee that can't be helped to be broken.
    fileprivate func with(_ guarantee: Guarantee) -> Self {
        var damage = self
        damage.guarantees.insert(guarantee)
        return damage
    }
}
