import GRDB
import SluiceStore
import SluiceTypes

extension Database {
    static let linesSQL = """
        SELECT \(LedgerLine.columns) FROM ledger \(names(of: "ledger")) WHERE ledger.job = ?1 ORDER BY ledger.epoch
        """

    static let newestLinesSQL = """
        SELECT \(LedgerLine.columns) FROM ledger INDEXED BY ledger_at \(names(of: "ledger")) WHERE ledger.at >= ?1
        ORDER BY ledger.at DESC LIMIT ?2
        """

    /// The joins that give the names for the numbers in a table.
    private static func names(of table: String) -> String {
        ["owner", "token", "provider", "model"]
            .map { "LEFT JOIN name AS \($0) ON \($0).id = \(table).\($0)" }.joined(separator: " ")
    }

    func lines(of job: JobID) throws -> [LedgerLine] {
        try all(Database.linesSQL, job) { try LedgerLine(&$0) }
    }

    func lines(since moment: Timestamp, limit: Int) throws -> [LedgerLine] {
        try all(Database.newestLinesSQL, moment, max(limit, 0)) { try LedgerLine(&$0) }
    }

    func usage(_ query: UsageQuery) throws -> [UsageSum] {
        do { return try usage(query, LedgerSums.columnSums) { LedgerSums(&$0) } } catch let error as DatabaseError
            where error.message == "integer overflow"
        {
            // Of one day each sum is held within its bounds; of several they may go beyond 64 bits.
            return try usage(query, LedgerSums.columnHalves) { LedgerSums(&$0) { $0.halves() } }
        }
    }

    private func usage(
        _ query: UsageQuery,
        _ sums: String,
        read: (inout RowReader) -> LedgerSums
    ) throws -> [UsageSum] {
        let found = try all(
            Database.usageSQL(by: query.parts, sums),
            query.days.lowerBound,
            query.days.upperBound,
            query.owner,
            query.token,
            query.provider,
            query.model
        ) { row in
            UsageSum(
                day: row.optional { $0.int64() },
                owner: row.optional { OwnerID(rawValue: $0.text()) },
                token: row.optional { TokenID(rawValue: $0.text()) },
                provider: row.optional { $0.text() },
                model: row.optional { $0.text() },
                sums: read(&row)
            )
        }
        return found.filter { !$0.sums.isZero }
    }

    /// Groups by the numbers of names, and only then looks the names up.
    private static func usageSQL(by parts: Set<UsageQuery.Part>, _ sums: String) -> String {
        let columns = UsageQuery.Part.allCases.map { parts.contains($0) ? $0.rawValue : "NULL AS \($0.rawValue)" }
        let groups = UsageQuery.Part.allCases.filter { parts.contains($0) }.map(\.rawValue)
        return """
            WITH summed AS (
                SELECT \(columns.joined(separator: ", ")), \(sums) FROM usage_day
                WHERE day BETWEEN ?1 AND ?2
                      AND (?3 IS NULL OR owner = (SELECT id FROM name WHERE name = ?3))
                      AND (?4 IS NULL OR token = (SELECT id FROM name WHERE name = ?4))
                      AND (?5 IS NULL OR provider = (SELECT id FROM name WHERE name = ?5))
                      AND (?6 IS NULL OR model = (SELECT id FROM name WHERE name = ?6))
                \(groups.isEmpty ? "" : "GROUP BY " + groups.joined(separator: ", "))
            )
            SELECT summed.day, owner.name, token.name, provider.name, model.name, \(LedgerSums.summedColumns(sums))
            FROM summed \(names(of: "summed"))
            """
    }
}

extension LedgerLine {
    /// The columns that ``init(_:)`` reads, in their order, joined with the names.
    fileprivate static let columns = """
        ledger.job, ledger.epoch, owner.name, token.name, provider.name, model.name, ledger.at, \(LedgerEntry.columns)
        """

    fileprivate init(_ row: inout RowReader) throws {
        let (job, epoch) = (try row.jobID(), row.int64())
        let key = LedgerKey(
            owner: OwnerID(rawValue: row.text()),
            token: row.optional { TokenID(rawValue: $0.text()) },
            provider: row.text(),
            model: row.text(),
            at: row.time()
        )
        self.init(job: job, epoch: epoch, key: key, entry: try LedgerEntry(&row))
    }
}
