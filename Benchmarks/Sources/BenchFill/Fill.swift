import CSQLite

/// Puts many jobs into a store at once, while no server has it open: a million over HTTP would take minutes.
///
/// It copies rows that the server itself wrote, column for column as the database declares them, and gives each copy its
/// own place and id. So a fill knows only how the tables hang together (`job.seq`, and `job` in those beside it), and
/// what it leaves behind differs from a store grown over HTTP in nothing but equal prompts.
package struct Fill {
    private static let tables = ["job", "job_input", "job_result", "job_attempt", "job_output"]
    private static let batch = 20_000

    private let path: String

    /// - Parameter path: The SQLite file.
    package init(path: String) {
        self.path = path
    }

    /// Adds jobs until there are `total`: nine in ten that have succeeded, one in ten that waits for its time.
    ///
    /// - Throws: `FillFault` when the store lacks a job of either kind to copy, or SQLite refuses.
    package func grow(to total: Int) throws(FillFault) {
        let database = try Database(path: path)
        try database.run("PRAGMA synchronous = OFF; PRAGMA cache_size = -200000; PRAGMA wal_autocheckpoint = 0")
        let stored = Int(try database.number("SELECT count(*) FROM job") ?? 0)
        let queued = Int(try database.number("SELECT count(*) FROM job WHERE state = 'queued'") ?? 0)
        let toQueue = max(0, total / 10 - queued)
        try add(toQueue, copiesOf: "queued", database)
        try add(max(0, total - stored - toQueue), copiesOf: "succeeded", database)
        try database.recount()
        try database.run("PRAGMA synchronous = FULL; PRAGMA wal_checkpoint(TRUNCATE)")
    }

    /// Lets every job that has ended be past its time.
    ///
    /// - Throws: `FillFault` when SQLite refuses.
    package func expire() throws(FillFault) {
        let database = try Database(path: path)
        try database.run("PRAGMA synchronous = OFF; PRAGMA cache_size = -200000")
        try database.run("UPDATE job SET expires_at = finished_at + 1 WHERE finished_at IS NOT NULL")
        try database.run("PRAGMA synchronous = FULL; PRAGMA wal_checkpoint(TRUNCATE)")
    }

    /// How many jobs there are that have ended.
    ///
    /// - Throws: `FillFault` when SQLite refuses.
    package func ended() throws(FillFault) -> Int {
        Int(try Database(path: path).number("SELECT count(*) FROM job WHERE finished_at IS NOT NULL") ?? 0)
    }

    private func add(_ count: Int, copiesOf state: String, _ database: borrowing Database) throws(FillFault) {
        guard count > 0 else { return }
        guard
            let template = try database.number("SELECT min(seq) FROM job WHERE state = '\(state)'"),
            let last = try database.number("SELECT max(seq) FROM job"), template > 0
        else { throw FillFault(description: "The store has no job that is \(state) to copy.") }
        var done = 0
        while done < count {
            let size = min(Self.batch, count - done)
            try database.run("BEGIN IMMEDIATE")
            for table in Self.tables {
                try copy(table, template, last + Int64(done)..<last + Int64(done + size), database)
            }
            // Now and then into the file, so that the log stays small.
            try database.run("COMMIT; PRAGMA wal_checkpoint(TRUNCATE)")
            done += size
        }
    }

    /// Writes the template's rows of one table again, for the places after each of `range`.
    private func copy(
        _ table: String,
        _ template: Int64,
        _ range: Range<Int64>,
        _ database: borrowing Database
    ) throws(FillFault) {
        let columns = try database.columns(table)
        let key = table == "job" ? "seq" : "job"
        let values = columns.map { $0 == key ? "?1" : $0 == "id" ? "?3" : $0 }
        let statement = try database.prepare(
            "INSERT INTO \(table) (\(columns.joined(separator: ", "))) "
                + "SELECT \(values.joined(separator: ", ")) FROM \(table) WHERE \(key) = ?2"
        )
        statement.bind(2, template)
        for place in range {
            statement.bind(1, place + 1)
            if table == "job" { statement.bind(3, Self.id(place)) }
            guard statement.step() == SQLITE_DONE else { throw database.fault("copying into \(table)") }
            statement.reset()
        }
    }

    /// A UUIDv7 of its own for each place, of a time before any that the server gives, and rising as theirs do.
    private static func id(_ place: Int64) -> [UInt8] {
        let milliseconds = UInt64(1_700_000_000_000 + place)
        let time = (0..<6).map { UInt8(truncatingIfNeeded: milliseconds >> (40 - 8 * UInt64($0))) }
        return time + [0x70, 0, 0x80] + (0..<7).map { UInt8(truncatingIfNeeded: UInt64(place) >> (8 * UInt64($0))) }
    }
}
