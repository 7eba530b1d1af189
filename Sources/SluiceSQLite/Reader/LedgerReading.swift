import GRDB
import SluiceStore
import SluiceTypes

extension Database {
    static let linesSQL = """
        SELECT ledger.epoch, owner.name, token.name, provider.name, model.name, ledger.at, \(LedgerEntry.columns)
        FROM ledger \(names(of: "ledger")) WHERE ledger.job = ?1 ORDER BY ledger.epoch
        """

    static let usageSQL = """
        SELECT usage_day.day, owner.name, token.name, provider.name, model.name, \(LedgerSums.columns)
        FROM usage_day \(names(of: "usage_day")) WHERE usage_day.day BETWEEN ?1 AND ?2
        """

    /// The joins that give the names for the numbers in a table.
    private static func names(of table: String) -> String {
        ["owner", "token", "provider", "model"]
            .map { "LEFT JOIN name AS \($0) ON \($0).id = \(table).\($0)" }.joined(separator: " ")
    }

    func lines(of job: JobID) throws -> [LedgerLine] {
        try all(Database.linesSQL, job) { row in
            let epoch = row.int64()
            let key = LedgerKey(
                owner: OwnerID(rawValue: row.text()),
                token: row.optional { TokenID(rawValue: $0.text()) },
                provider: row.text(),
                model: row.text(),
                at: row.time()
            )
            return LedgerLine(job: job, epoch: epoch, key: key, entry: try LedgerEntry(&row))
        }
    }

    func usage(in days: ClosedRange<Int64>) throws -> [UsageDay] {
        try all(Database.usageSQL, days.lowerBound, days.upperBound) { row in
            UsageDay(
                day: row.int64(),
                owner: OwnerID(rawValue: row.text()),
                token: row.optional { TokenID(rawValue: $0.text()) },
                provider: row.text(),
                model: row.text(),
                sums: LedgerSums(&row)
            )
        }
    }
}
