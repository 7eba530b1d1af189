import GRDB
import SluiceStore

extension WriterState {
    /// Adds to the sums of a day; they are written at the end of the transaction, each once, however many lines it has.
    mutating func add(_ sums: LedgerSums, to key: UsageDayKey) {
        guard !sums.isZero else { return }
        self.sums[key, default: LedgerSums()] = self.sums[key, default: LedgerSums()] + sums
    }

    /// How many names are kept with their numbers at most.
    static let mostNames = 4096

    /// Forgets what a transaction that failed would have written.
    mutating func forgetUnwritten() {
        sums = [:]
        names = [:]
        dailyNames = DailyNames()
        budgets = nil
        queues.forget()
        counts.forget()
        news = CommitNews()
        spending = Spending()
    }

    /// Writes the sums of the transaction that is about to be committed.
    mutating func writeSums(_ db: Database) throws {
        defer { sums.removeAll(keepingCapacity: true) }
        for (key, change) in sums where !change.isZero {
            try db.run(
                WriterState.sumsSQL,
                key.owner,
                key.token,
                key.provider,
                key.model,
                key.tag,
                key.day,
                change.priced,
                change.unpriced,
                change.unknown,
                change.input,
                change.cached,
                change.cacheWritten,
                change.output,
                change.reasoning,
                change.cost,
                change.low,
                change.likely,
                change.high,
                change.counted
            )
        }
    }

    private static let sumsSQL = """
        INSERT INTO usage_day (owner, token, provider, model, tag, day, node, \(LedgerSums.columns))
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)
        ON CONFLICT DO UPDATE SET \(LedgerSums.additions)
        """
}
