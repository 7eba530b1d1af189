import GRDB
import GRDBSQLite
import SluiceStore
import SluiceTesting
import Synchronization
import Testing

@testable import SluiceSQLite

/// The plans that keep the cost of a job the same however many are stored.
@Suite("The SQLite store's query plans")
struct SQLitePlanTests {
    struct Plan: Sendable, CustomTestStringConvertible {
        var name: String
        var sql: String
        var index: String

        var testDescription: String { name }
    }

    static let plans = [
        Plan(
            name: "claim",
            sql: ClaimJobs.candidateSQL,
            index: "job_ready (lane=? AND type=? AND request_format=? AND route=? AND owner=?)"
        ),
        Plan(
            name: "owners of a group",
            sql: Database.nextOwnerSQL,
            index: "job_ready (lane=? AND type=? AND request_format=? AND route=? AND owner>?)"
        ),
        Plan(
            name: "an owner's first job of a group",
            sql: Database.ownerDueSQL,
            index: "job_ready (lane=? AND type=? AND request_format=? AND route=? AND owner=?)"
        ),
        Plan(
            name: "groups",
            sql: Database.groupSQL,
            index: "job_ready ((lane,type,request_format,route,owner)>(?,?,?,?,?))"
        ),
        Plan(name: "purge", sql: PurgeJobs.expiredSQL, index: "job_expiry (expires_at<?)"),
        Plan(name: "what is kept for a moment", sql: ForgetBodies.overSQL, index: "job_bodies (bodies_until<?)"),
        Plan(
            name: "what providers are to delete",
            sql: ClaimUpstreamDeletions.dueSQL,
            index: "upstream_delete_due (due_at<?)"
        ),
        Plan(
            name: "what providers did not delete",
            sql: ClaimUpstreamDeletions.overSQL,
            index: "upstream_delete_until (until<?)"
        ),
        Plan(name: "newest of a thread", sql: PurgeJobs.newestOfThreadSQL, index: "job_thread (thread=?)"),
        Plan(
            name: "what lives of a thread",
            sql: PurgeJobs.livingOfThreadSQL,
            index: "job_thread (thread=? AND expires_at=?)"
        ),
        Plan(
            name: "what waits of a thread",
            sql: DeleteBodies.waitingSQL,
            index: "job_thread (thread=? AND expires_at=?)"
        ),
        Plan(name: "what a job continues", sql: Database.predecessorSQL, index: "job_id (id=?)"),
        Plan(name: "who answered a job", sql: Database.accountSQL, index: "job_id (id=?)"),
        Plan(
            name: "a job by its provider's name",
            sql: Database.upstreamSQL,
            index: "attempt_upstream (owner=? AND upstream_id=?)"
        ),
        Plan(name: "purge of keys", sql: ForgetKeys.keysSQL, index: "idempotency_expiry (expires_at<?)"),
        Plan(name: "expire", sql: ExpireJobs.deadlineSQL, index: "job_deadline (deadline_at<?)"),
        Plan(
            name: "owners of a held group",
            sql: ExpireJobs.ownerSQL,
            index: "job_ready (lane=? AND type=? AND request_format=? AND route=? AND owner>?)"
        ),
        Plan(
            name: "held jobs of an owner",
            sql: ExpireJobs.heldSQL,
            index: "job_ready (lane=? AND type=? AND request_format=? AND route=? AND owner=? AND run_at<?)"
        ),
        Plan(name: "dead list", sql: Database.deadList.text, index: "job_dead (entry=? AND seq<?)"),
        Plan(name: "list of all dead", sql: Database.allDeadList.text, index: "job_dead (entry=? AND seq<?)"),
        Plan(name: "a job of a list", sql: Database.listedSQL, index: "INTEGER PRIMARY KEY (rowid=?)"),
        Plan(
            name: "a job of a list without bodies",
            sql: Database.listedBareSQL,
            index: "INTEGER PRIMARY KEY (rowid=?)"
        ),
        Plan(name: "operators' list", sql: Database.list.text, index: "INTEGER PRIMARY KEY (rowid<?)"),
        Plan(name: "owners of queued jobs", sql: Database.openQueued.owner, index: "job_owner_queued (owner<?)"),
        Plan(
            name: "queued jobs of an owner",
            sql: Database.openQueued.jobs,
            index: "job_owner_queued (owner=? AND seq<?)"
        ),
        Plan(name: "owners of running jobs", sql: Database.openRunning.owner, index: "job_owner_running (owner<?)"),
        Plan(
            name: "running jobs of an owner",
            sql: Database.openRunning.jobs,
            index: "job_owner_running (owner=? AND seq<?)"
        ),
        Plan(name: "job", sql: Database.recordSQL, index: "job_id (id=?)"),
        Plan(name: "newest attempt", sql: Database.newestAttemptSQL, index: "PRIMARY KEY (job=?)"),
    ]

    /// An owner's list is merged from these walks.
    static let ownerPlans = ["succeeded", "queued", "running", "cancelled", "dead"].map { state in
        Plan(
            name: "an owner's list, what is \(state)",
            sql: Database.ownerList.text,
            index: "job_owner_\(state) (owner=?\(state == "dead" ? " AND entry=?" : "") AND seq<?)"
        )
    }

    /// A statement that may, by how it begins, and why.
    private static let exceptions = [
        "DELETE FROM idempotency WHERE (owner, key) IN": "a list of as many keys as are purged at once",
        "INSERT OR REPLACE INTO job_output": "the constant row is no table's",
        "INSERT INTO limits_share": "the constant row is no table's",
        "INSERT INTO spend (account, begins, ends, node, counted, purged, told, alarmed)\nSELECT":
            "the constant row is no table's",
        "SELECT account, kind, limits.rpm": "whoever has limits, which is read when they change",
        "SELECT limits_share.token": "whoever has limits, which is read when they change",
        "SELECT name.name, spend.begins": "who has a budget, which is read when limits change",
        "SELECT ifnull(sum(counted >> 32)": "the lines of a window, which are added up when its budget is set",
        "UPDATE job SET run_at = ?2\nWHERE state = 'queued' AND owner":
            "a list of the windows that an owner's jobs wait for",
        "SELECT count(*) FROM ledger": "operators ask how many lines wait for a price that they set",
        "UPDATE job SET run_at = ?1\nWHERE state = 'queued' AND run_at > ?1":
            "only when a price or the rows have changed",
        "DELETE FROM ledger_run": "once what is kept of the ledger has been cut",
        "UPDATE ledger_run SET ended_at = ?1 WHERE": "operators' changes of the past, which are few",
        "SELECT account, jobs, bytes FROM queue_size":
            "who has something waiting, read once, and after a transaction that failed",
        "SELECT provider, model, prices": "operators read the prices that they have set",
        "SELECT at, actor, action, subject, result FROM audit": "operators read it from its end, as far as they ask",
        "SELECT id, name, created_at, deleted_at, disabled_at FROM owner": "operators read all owners",
        "SELECT id, owner, name, hash": "operators read all tokens",
        "SELECT seq, epoch, interrupts, on_unknown": "a rescue looks at all that runs, which is few",
        "WITH RECURSIVE line": "from job to job, as far as its reader goes",
        "WITH summed": "operators read the sums of days, and have them told apart",
        "WITH running": "operators read all that runs, which is few",
        "SELECT seq, at FROM audit": "its oldest lines, as many as go at once",
        "SELECT seq, run_at, known_at FROM": "only after the clock went back",
        "SELECT row, since, actor FROM row_pause": "what operators have paused, a line for each",
        "SELECT state, entry, lane, type, request_format, route, owner, jobs FROM job_count":
            "of what kinds jobs are, read once, and after a transaction that failed",
    ]

    /// A statement that reads a whole table, sorts, or makes a table in memory costs more the more is stored.
    @Test("Nothing that any operation runs scans a table of jobs, sorts, or makes a table in memory")
    func everyStatement() async throws {
        var settings = SQLiteSettings.standard
        // All reads go over one connection, which then knows them.
        settings.readers = 1
        let found = Statements()
        for check in StoreConformance.checks {
            try await withOpener(settings: settings) { opener in
                try await StoreConformance(opener.open).run(check)
                for store in await opener.stores { found.add(try await store.write(CompiledStatements())) }
                for store in await opener.stores { found.add(try await store.read { CompiledStatements.of($0) }) }
            }
        }
        let verbs = ["SELECT", "INSERT", "UPDATE", "DELETE", "WITH"]
        let statements = found.all.filter { sql in verbs.contains { sql.hasPrefix($0) } }
        #expect(statements.count > 60, "\(statements.count)")
        var excused: Set<String> = []
        try await withStore { store in
            for sql in statements {
                let faults = try await store.read { db in try SQLitePlanTests.faults(of: sql, db) }
                guard !faults.isEmpty else { continue }
                let exception = SQLitePlanTests.exceptions.keys.first { sql.hasPrefix($0) }
                if let exception { excused.insert(exception) }
                #expect(exception != nil, "\(faults) in \(sql)")
            }
        }
        #expect(excused == Set(SQLitePlanTests.exceptions.keys), "an exception that nothing needs")
    }

    /// The steps of a statement that cost more the more is stored.
    private static func faults(of sql: String, _ db: Database) throws -> [String] {
        let plan = try texts(3, of: "EXPLAIN QUERY PLAN \(sql)", db)
        let steps = try texts(1, of: "EXPLAIN \(sql)", db)
        return plan.filter { $0.contains("SCAN") || $0.contains("TEMP B-TREE") }
            + steps.filter { $0 == "OpenEphemeral" }
    }

    /// One column of what SQLite answers to a statement whose parameters have no values.
    private static func texts(_ column: Int32, of sql: String, _ db: Database) throws -> [String] {
        var statement: OpaquePointer?
        let code = unsafe sqlite3_prepare_v2(db.sqliteConnection, sql, -1, &statement, nil)
        defer { unsafe _ = sqlite3_finalize(statement) }
        try #require(code == SQLITE_OK, "\(db.lastErrorMessage ?? sql)")
        var texts: [String] = []
        while unsafe sqlite3_step(statement) == SQLITE_ROW {
            texts.append(unsafe sqlite3_column_text(statement, column).map { unsafe String(cString: $0) } ?? "")
        }
        return texts
    }

    @Test("has a value for each of its parameters, none of which is left from its last run")
    func values() async throws {
        try await withStore { store in
            let error = await storeError { () throws(StoreError) in _ = try await store.write(TooFewValues()) }
            #expect(error?.message.contains("got 1 values") == true)
        }
    }

    @Test("each seeks in its index, sorts nothing and scans no table", arguments: plans + ownerPlans)
    func plan(_ plan: Plan) async throws {
        try await withStore { store in
            let steps = try await store.read { db in
                try SQLitePlanTests.texts(3, of: "EXPLAIN QUERY PLAN \(plan.sql)", db)
            }
            #expect(steps.contains { $0.contains(plan.index) }, "\(steps)")
            #expect(!steps.contains { $0.contains("SCAN") || $0.contains("TEMP B-TREE") }, "\(steps)")
        }
    }
}

/// Gives a statement of two parameters two values, and then one: the second would keep the value of the first run.
private struct TooFewValues: WriteOperation {
    func run(_ db: Database, _ state: inout WriterState) throws -> Int64 {
        let sql = "SELECT ?1 + ?2"
        let sum = try db.first(sql, Int64(1), Int64(2)) { $0.int64() }
        try #require(sum == 3)
        return try db.first(sql, Int64(1)) { $0.int64() } ?? 0
    }
}

/// The statements that a connection has compiled.
private struct CompiledStatements: WriteOperation {
    func run(_ db: Database, _ state: inout WriterState) throws -> [String] { CompiledStatements.of(db) }

    static func of(_ db: Database) -> [String] {
        var found: [String] = []
        var next = unsafe sqlite3_next_stmt(db.sqliteConnection, nil)
        while let statement = unsafe next {
            if let text = unsafe sqlite3_sql(statement) { found.append(unsafe String(cString: text)) }
            unsafe next = sqlite3_next_stmt(db.sqliteConnection, statement)
        }
        return found
    }
}

/// Texts, each once.
private final class Statements: Sendable {
    private let texts = Mutex<Set<String>>([])

    func add(_ more: [String]) { texts.withLock { $0.formUnion(more) } }

    var all: [String] { texts.withLock { $0.sorted() } }
}
