import GRDB
import SluiceStore
import SluiceTypes

/// Looks at a whole database, in a transaction that its user has begun.
struct Checker {
    let db: Database
    private var faults: [CheckFault] = []

    init(_ db: Database) {
        self.db = db
    }

    /// Runs every rule.
    ///
    /// - Throws: ``StoreError`` for a file of another program or version; ``DatabaseError``.
    static func report(on db: Database) throws -> CheckReport {
        let schema = try db.pragma("PRAGMA user_version")
        var checker = Checker(db)
        try checker.checkFile()
        // What can't be read any more was found by the look at the file; the rules still tell of the rest.
        try checker.orDamaged { checker in try checker.checkStructure() }
        for rule in CheckRule.all { try checker.orDamaged { checker in try checker.check(rule) } }
        var jobs: [JobState: Int] = [:]
        try checker.orDamaged { checker in jobs = try checker.db.countAll() }
        return CheckReport(schema: schema, jobs: jobs, faults: checker.faults)
    }

    /// `thorough` looks into the indexes as well.
    ///
    /// - Returns: SQLite's own words on what is wrong, none for a file that is whole; there may be more faults than lines.
    static func damage(of db: Database, thorough: Bool) throws -> [String] {
        let sql = thorough ? "PRAGMA integrity_check" : "PRAGMA quick_check"
        do {
            return try db.all(sql) { $0.text() }.filter { $0 != "ok" }
        } catch let error as DatabaseError where error.resultCode == .SQLITE_CORRUPT {
            return ["SQLite can't read it: \(error.message ?? "it is malformed")"]
        }
    }

    private mutating func checkFile() throws {
        let lines = try Checker.damage(of: db, thorough: true)
        guard !lines.isEmpty else { return }
        add(.file, "the database is whole", lines)
    }

    private mutating func checkStructure() throws {
        let lines = try Structure.differences(of: db)
        guard !lines.isEmpty else { return }
        add(.structure, "the tables, indexes and triggers are those of this version", lines)
    }

    private mutating func add(_ guarantee: Guarantee, _ rule: String, _ lines: [String]) {
        let details = Array(lines.prefix(CheckFault.examples))
        faults.append(CheckFault(guarantee, rule, count: lines.count, details: details))
    }

    private mutating func check(_ rule: CheckRule) throws {
        var fault = CheckFault(rule.guarantee, rule.rule, count: 0)
        var first: [Int64] = []
        try db.forEach(rule.sql) { row in
            fault.count += 1
            guard first.count < CheckFault.examples else { return true }
            first.append(row.int64())
            if rule.tellsWhat { fault.details.append(row.text()) }
            return true
        }
        guard fault.count > 0 else { return }
        for seq in first {
            if let id = try db.first("SELECT id FROM job WHERE seq = ?1", seq, read: { $0.jobIDIfValid() })
                ?? nil
            {
                fault.jobs.append(id)
            } else {
                fault.details.append("row \(seq), which is no job's")
            }
        }
        faults.append(fault)
    }

    private mutating func orDamaged(_ body: (inout Checker) throws -> Void) throws {
        do {
            try body(&self)
        } catch let error as DatabaseError where Checker.isDamage(error) {
            guard !faults.contains(where: { $0.guarantee == .file || $0.guarantee == .structure }) else { return }
            faults.append(
                CheckFault(.file, "the database can be read", count: 1, details: [error.message ?? "it is malformed"])
            )
        }
    }

    /// A table that is gone (SQLITE_ERROR) can't be looked into either.
    private static func isDamage(_ error: DatabaseError) -> Bool {
        error.resultCode == .SQLITE_CORRUPT || error.resultCode == .SQLITE_ERROR
    }
}
