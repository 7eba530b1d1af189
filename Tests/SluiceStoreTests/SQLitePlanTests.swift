import GRDB
import SluiceStore
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
            index: "job_ready (lane=? AND type=? AND route=? AND owner>?)"
        ),
        Plan(name: "groups", sql: Database.groupSQL, index: "job_ready ((lane,type,route,owner)>(?,?,?,?))"),
        Plan(name: "rescue", sql: RescueOrphans.orphansSQL, index: "job_running (boot<?)"),
        Plan(name: "rescue above", sql: RescueOrphans.orphansSQL, index: "job_running (boot>?)"),
        Plan(name: "purge", sql: PurgeJobs.expiredSQL, index: "job_expiry (expires_at<?)"),
        Plan(name: "purge of keys", sql: ForgetKeys.keysSQL, index: "idempotency_expiry (expires_at<?)"),
        Plan(name: "expire", sql: ExpireJobs.deadlineSQL, index: "job_deadline (deadline_at<?)"),
        Plan(
            name: "owners of a held group",
            sql: ExpireJobs.ownerSQL,
            index: "job_ready (lane=? AND type=? AND route=? AND owner>?)"
        ),
        Plan(
            name: "held jobs of an owner",
            sql: ExpireJobs.heldSQL,
            index: "job_ready (lane=? AND type=? AND route=? AND owner=? AND run_at<?)"
        ),
        Plan(name: "list", sql: Database.ownerList.whole, index: "job_listing (owner=? AND seq<?)"),
        Plan(name: "dead list", sql: Database.deadList.whole, index: "job_dead (entry=? AND seq<?)"),
        Plan(name: "list of all dead", sql: Database.allDeadList.whole, index: "job_dead (entry=? AND seq<?)"),
        Plan(
            name: "list of all dead without bodies",
            sql: Database.allDeadList.bare,
            index: "job_dead (entry=? AND seq<?)"
        ),
        Plan(name: "operators' list", sql: Database.list.whole, index: "INTEGER PRIMARY KEY (rowid<?)"),
        Plan(name: "list without bodies", sql: Database.ownerList.bare, index: "job_listing (owner=? AND seq<?)"),
        Plan(name: "dead list without bodies", sql: Database.deadList.bare, index: "job_dead (entry=? AND seq<?)"),
        Plan(name: "operators' list without bodies", sql: Database.list.bare, index: "INTEGER PRIMARY KEY (rowid<?)"),
        Plan(name: "job", sql: Database.recordSQL, index: "job_id (id=?)"),
        Plan(name: "newest attempt", sql: Database.newestAttemptSQL, index: "PRIMARY KEY (job=?)"),
    ]

    /// A table in memory for a statement costs more than the statement.
    @Test(
        "no statement of a job's life makes a table in memory",
        arguments: [
            "INSERT INTO job (id, owner, surface, entry, type, model, route, request_format, stream, lane, state, epoch, tries, "
                + "run_at, on_unknown, fingerprint, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            "UPDATE job SET state = ?, epoch = ?, boot = ?, finished_at = ?, expires_at = ?, error_class = ? WHERE seq = ?",
            "INSERT INTO job_attempt (job, epoch, owner, row, model, config, started_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
            "UPDATE job_attempt SET outcome = ?, ended_at = ? WHERE job = ? AND epoch = ?",
        ]
    )
    func noTableInMemory(sql: String) async throws {
        try await withStore { store in
            let steps = try await store.read { db in
                try db.all("EXPLAIN \(sql)") { row in
                    row.skip(1)
                    return row.text()
                }
            }
            #expect(!steps.contains("OpenEphemeral"))
        }
    }

    @Test("each seeks in its index, sorts nothing and scans no table", arguments: plans)
    func plan(_ plan: Plan) async throws {
        try await withStore { store in
            let steps = try await store.read { db in
                try db.all("EXPLAIN QUERY PLAN \(plan.sql)") { row in
                    row.skip(3)
                    return row.text()
                }
            }
            #expect(steps.contains { $0.contains(plan.index) }, "\(steps)")
            #expect(!steps.contains { $0.contains("SCAN") || $0.contains("TEMP B-TREE") }, "\(steps)")
        }
    }
}
