import CSQLite

/// Puts lines, sums of days, and jobs of owners who have spent all into a store, while no server has it open.
package struct LedgerFill {
    private let path: String

    /// - Parameter path: The SQLite file.
    package init(path: String) {
        self.path = path
    }

    private func edit(_ body: (borrowing Database) throws(FillFault) -> Void) throws(FillFault) {
        let database = try Database(path: path)
        try database.run("PRAGMA synchronous = OFF; PRAGMA cache_size = -200000; BEGIN IMMEDIATE")
        try body(database)
        try database.run("COMMIT; PRAGMA synchronous = FULL; PRAGMA wal_checkpoint(TRUNCATE)")
    }

    /// Copies the one line that there is, the sums of its day with it.
    ///
    /// - Throws: `FillFault` when SQLite refuses.
    package func copyLines(to total: Int) throws(FillFault) {
        try edit { database throws(FillFault) in
            let rest = try database.columns("ledger").filter { $0 != "job" }.joined(separator: ", ")
            try database.run(
                """
                WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(total - 1))
                INSERT INTO ledger (job, \(rest)) SELECT randomblob(16), \(rest)
                FROM n CROSS JOIN (SELECT * FROM ledger LIMIT 1)
                """
            )
            let sums = try sumColumns(database).map { "\($0) = \($0) * \(total)" }.joined(separator: ", ")
            try database.run("UPDATE usage_day SET \(sums)")
        }
    }

    /// Copies the sums of one day to 400 of them, 50 owners and as many models as make up the total.
    ///
    /// - Throws: `FillFault` when SQLite refuses.
    package func sumDays(to total: Int) throws(FillFault) {
        let models = max(1, total / 400 / 50)
        try edit { database throws(FillFault) in
            let sums = try sumColumns(database).joined(separator: ", ")
            try database.run(
                """
                WITH RECURSIVE day (d) AS (SELECT 0 UNION ALL SELECT d + 1 FROM day WHERE d < 399),
                    owner (o) AS (SELECT 1 UNION ALL SELECT o + 1 FROM owner WHERE o < 50),
                    model (m) AS (SELECT 1 UNION ALL SELECT m + 1 FROM model WHERE m < \(models)),
                    one AS (SELECT * FROM usage_day ORDER BY day DESC LIMIT 1)
                INSERT INTO usage_day (day, owner, token, provider, model, tag, node, \(sums))
                SELECT one.day - d, 1000000 + o, 0, one.provider, 2000000 + m, 0, 0, \(sums)
                FROM one, day, owner, model
                """
            )
        }
    }

    /// Copies the job that waits for its owner: at once due, for the same owner and for others that have its limits and have spent as
    /// much.
    ///
    /// - Throws: `FillFault` when SQLite refuses.
    package func spend(jobs: Int, owners: Int) throws(FillFault) {
        try edit { database throws(FillFault) in
            let job = try database.columns("job")
            let copied = job.map { column in
                switch column {
                case "seq": "base.last + i"
                case "id": "randomblob(16)"
                case "run_at": "1"
                case "owner": "iif(i <= \(owners), 'own_spent' || i, one.owner)"
                default: "one.\(column)"
                }
            }
            let numbers = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < "
            try database.run(
                """
                CREATE TEMP TABLE base AS SELECT (SELECT max(seq) FROM job) AS last,
                    (SELECT seq FROM job WHERE state = 'queued' LIMIT 1) AS seq;
                \(numbers)\(jobs))
                INSERT INTO job (\(job.joined(separator: ", "))) SELECT \(copied.joined(separator: ", "))
                FROM n, base, job AS one WHERE one.seq = base.seq;
                """
            )
            let input = try database.columns("job_input").filter { $0 != "job" }.joined(separator: ", ")
            try database.run(
                """
                \(numbers)\(jobs))
                INSERT INTO job_input (job, \(input)) SELECT base.last + i, \(input)
                FROM n, base, job_input AS one WHERE one.job = base.seq;
                """
            )
            let limits = try database.columns("limits").filter { $0 != "account" }.joined(separator: ", ")
            try database.run(
                """
                \(numbers)\(owners)) INSERT INTO name (kind, name) SELECT 'account', 'own_spent' || i FROM n;
                CREATE TEMP TABLE limit_of AS SELECT * FROM limits LIMIT 1;
                \(numbers)\(owners)) INSERT INTO limits (account, \(limits)) SELECT 'own_spent' || i, \(limits) FROM n, limit_of;
                CREATE TEMP TABLE spend_of AS SELECT * FROM spend LIMIT 1;
                UPDATE spend SET counted = counted + 1000000000000, purged = purged + 1000000000000;
                INSERT INTO spend (account, begins, ends, node, counted, purged, told, alarmed)
                SELECT name.id, begins, ends, node, 1000000000000, 1000000000000, 100, 100 FROM spend_of, name
                WHERE name.kind = 'account' AND name.name LIKE 'own_spent%';
                """
            )
            try database.recount()
        }
    }

    private func sumColumns(_ database: borrowing Database) throws(FillFault) -> [String] {
        let keys: Set = ["day", "owner", "token", "provider", "model", "tag", "node"]
        return try database.columns("usage_day").filter { !keys.contains($0) }
    }
}
