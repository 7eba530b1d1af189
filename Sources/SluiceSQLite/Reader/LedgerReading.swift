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
        ["owner", "token", "provider", "model", "tag"]
            .map { "LEFT JOIN name AS \($0) ON \($0).id = \(table).\($0)" }.joined(separator: " ")
    }

    func lines(of job: JobID) throws -> [LedgerLine] {
        try all(Database.linesSQL, job) { try LedgerLine(&$0) }
    }

    func lines(since moment: Timestamp, limit: Int) throws -> [LedgerLine] {
        try all(Database.newestLinesSQL, moment, max(limit, 0)) { try LedgerLine(&$0) }
    }

    /// The last of the next lines, by an index that has all that is asked of them.
    static let nextPlaceSQL = """
        SELECT at, job, epoch FROM ledger INDEXED BY ledger_at
        WHERE (at, job, epoch) > (?1, ?2, ?3) AND at < ?4 ORDER BY at, job, epoch LIMIT 1 OFFSET ?5
        """

    static let pageSQL = """
        SELECT \(LedgerLine.columns) FROM ledger INDEXED BY ledger_at \(names(of: "ledger"))
        WHERE (ledger.at, ledger.job, ledger.epoch) > (?1, ?2, ?3)
              AND (ledger.at, ledger.job, ledger.epoch) <= (?4, ?5, ?6) AND ledger.at < ?7
              AND (?8 OR ledger.state = '\(LedgerCost.State.unpriced.rawValue)')
              AND (?9 IS NULL OR ledger.provider = \(LedgerName.idSQL(.provider, named: "?9")))
              AND (?10 IS NULL OR ledger.model = \(LedgerName.idSQL(.model, named: "?10")))
        ORDER BY ledger.at, ledger.job, ledger.epoch
        """

    /// Sorts before every id of a job.
    private static let beforeAll: [UInt8] = []

    func lines(_ query: RepricingQuery, after place: LedgerCursor?, limit: Int) throws -> LedgerPage {
        let (at, job, epoch) = (place?.at ?? query.since, place?.job.bytes ?? Database.beforeAll, place?.epoch ?? 0)
        let last = try first(
            Database.nextPlaceSQL,
            at,
            job,
            epoch,
            query.until,
            max(limit, 1) - 1
        ) { LedgerCursor(at: $0.time(), job: try $0.jobID(), epoch: $0.int64()) }
        let lines = try all(
            Database.pageSQL,
            at,
            job,
            epoch,
            last?.at ?? query.until,
            last?.job.bytes ?? Database.beforeAll,
            last?.epoch ?? 0,
            query.until,
            query.takesAll,
            query.provider,
            query.model
        ) { try LedgerLine(&$0) }
        return LedgerPage(lines: lines, next: last)
    }

    static let changesSQL = """
        SELECT \(LedgerLine.columns), change.state, change.reason, change.price, change.price_version, change.price_variant,
               change.cost, change.low, change.likely, change.high, change.counted,
               (SELECT max(run) FROM ledger_change AS later WHERE later.job = change.job AND later.epoch = change.epoch)
        FROM ledger_change AS change INDEXED BY ledger_change_run
        JOIN ledger ON ledger.job = change.job AND ledger.epoch = change.epoch \(names(of: "ledger"))
        WHERE change.run = ?1 AND (change.job, change.epoch) > (?2, ?3) ORDER BY change.job, change.epoch LIMIT ?4
        """

    func changes(
        of run: Int64,
        after place: (job: JobID, epoch: Int64)?,
        limit: Int
    ) throws -> [ChangedLine] {
        try all(Database.changesSQL, run, place?.job.bytes ?? Database.beforeAll, place?.epoch ?? 0, max(limit, 0)) {
            row in
            ChangedLine(line: try LedgerLine(&row), before: try LedgerPricing(&row), lastRun: row.int64())
        }
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
            Database.usageSQL(by: query.parts, sums, ofLines: query.readsLines),
            query.days.lowerBound,
            query.days.upperBound,
            query.owner,
            query.token,
            query.provider,
            query.model,
            query.tag,
            query.session?.bytes
        ) { row in
            UsageSum(
                day: row.optional { $0.int64() },
                owner: row.optional { OwnerID(rawValue: $0.text()) },
                token: row.optional { TokenID(rawValue: $0.text()) },
                provider: row.optional { $0.text() },
                model: row.optional { $0.text() },
                tag: row.optional { $0.text() },
                session: row.optional { SessionMark(bytes: $0.bytes()) } ?? nil,
                sums: read(&row)
            )
        }
        return found.filter { !$0.sums.isZero }
    }

    /// The lines of some days, each as the sums that it adds to its day.
    private static let linesAsSums = """
        (
            SELECT owner, token, provider, model, tag, session, at / 86400000 AS day, state = 'priced' AS priced,
                   state = 'unpriced' AS unpriced, state = 'unknown' AS unknown, \(units("input")) AS input,
                   \(units("input.cacheRead")) AS cached, \(cacheWritten) AS cache_written, \(units("output")) AS output,
                   \(units("output.reasoning")) AS reasoning, ifnull(cost, 0) AS cost, ifnull(low, 0) AS low,
                   coalesce(likely, low, 0) AS likely, coalesce(high, low, 0) AS high, counted
            FROM ledger INDEXED BY ledger_at WHERE at >= ?1 * 86400000 AND at < (?2 + 1) * 86400000
        )
        """

    private static func units(_ name: String) -> String {
        "iif(reason IS '\(LedgerCost.absurd)', 0, ifnull(units ->> '$.\"\(name)\"', 0))"
    }

    /// The general unit where it is told, else what is told for each time that a cache lives.
    private static let cacheWritten =
        "coalesce(nullif(\(units("input.cacheWrite")), 0), "
        + ["5m", "30m", "1h", "12h"].map { units("input.cacheWrite.\($0)") }.joined(separator: " + ") + ")"

    /// Groups by the numbers of names, and only then looks the names up.
    private static func usageSQL(by parts: Set<UsageQuery.Part>, _ sums: String, ofLines: Bool) -> String {
        let columns = UsageQuery.Part.allCases.map { parts.contains($0) ? $0.rawValue : "NULL AS \($0.rawValue)" }
        let groups = UsageQuery.Part.allCases.filter { parts.contains($0) }.map(\.rawValue)
        return """
            WITH summed AS (
                SELECT \(columns.joined(separator: ", ")), \(sums) FROM \(ofLines ? linesAsSums : "usage_day")
                WHERE day BETWEEN ?1 AND ?2
                      AND (?3 IS NULL OR owner = \(LedgerName.idSQL(.account, named: "?3")))
                      AND (?4 IS NULL OR token = \(LedgerName.idSQL(.account, named: "?4")))
                      AND (?5 IS NULL OR provider = \(LedgerName.idSQL(.provider, named: "?5")))
                      AND (?6 IS NULL OR model = \(LedgerName.idSQL(.model, named: "?6")))
                      AND (?7 IS NULL OR tag = \(LedgerName.idSQL(.tag, named: "?7")))
                      AND \(ofLines ? "(?8 IS NULL OR session = ?8)" : "?8 IS NULL")
                \(groups.isEmpty ? "" : "GROUP BY " + groups.joined(separator: ", "))
            )
            SELECT summed.day, owner.name, token.name, provider.name, model.name, tag.name, summed.session, \(LedgerSums.summedColumns(sums))
            FROM summed \(names(of: "summed"))
            """
    }
}

extension LedgerLine {
    /// The columns that ``init(_:)`` reads, in their order, joined with the names.
    fileprivate static let columns = """
        ledger.job, ledger.epoch, owner.name, token.name, provider.name, model.name, ledger.at, tag.name, ledger.session,
        \(LedgerEntry.columns)
        """

    fileprivate init(_ row: inout RowReader) throws {
        let (job, epoch) = (try row.jobID(), row.int64())
        let key = LedgerKey(
            owner: OwnerID(rawValue: row.text()),
            token: row.optional { TokenID(rawValue: $0.text()) },
            provider: row.text(),
            model: row.text(),
            at: row.time(),
            tag: row.optional { $0.text() },
            session: row.optional { SessionMark(bytes: $0.bytes()) } ?? nil
        )
        self.init(job: job, epoch: epoch, key: key, entry: try LedgerEntry(&row))
    }
}
