import GRDB
import SluiceStore
import SluiceTypes

/// Takes out the ledger's oldest days, past their time: lines first, and sums when theirs is over.
struct CutLedger: WriteOperation {
    var now: Timestamp
    var limit: Int

    static let oldestSQL = """
        SELECT job, epoch, counted, \(LedgerPlace.columns) FROM ledger INDEXED BY ledger_at WHERE at < ?1 ORDER BY at LIMIT ?2
        """

    static let oldestDaySQL = """
        SELECT day FROM usage_day WHERE day < ?1 ORDER BY day LIMIT 1
        """

    /// Runs of which nothing is left that could be taken back.
    static let runsSQL = """
        DELETE FROM ledger_run
        WHERE begun_at < ?1 AND NOT EXISTS (SELECT 1 FROM ledger_change WHERE ledger_change.run = ledger_run.id)
        """

    var makesRoom: Bool { true }

    func run(_ db: Database, _ state: inout WriterState) throws -> Int {
        let retention = state.expiry.retention
        let day = LedgerKey.day(of: now.adding(.zero - retention.ledger))
        let lines = try db.all(CutLedger.oldestSQL, Timestamp(milliseconds: day * 86_400_000), max(limit, 0)) { row in
            (job: try row.jobID(), epoch: row.int64(), counted: row.int64(), place: LedgerPlace(&row))
        }
        if !lines.isEmpty {
            // Before the first line goes: from then on the day's sums are more than its lines.
            try db.run("UPDATE meta SET ledger_from = max(ledger_from, ?1) WHERE id = 1", day)
            for line in lines {
                try db.run("DELETE FROM ledger WHERE job = ?1 AND epoch = ?2", line.job, line.epoch)
                try db.run("DELETE FROM ledger_change WHERE job = ?1 AND epoch = ?2", line.job, line.epoch)
                try db.notePurged(line.counted, at: line.place, &state)
            }
            return lines.count
        }
        try db.run(CutLedger.runsSQL, Timestamp(milliseconds: day * 86_400_000))
        let last = LedgerKey.day(of: now.adding(.zero - retention.usage))
        // A whole day at once: there are as many sums as owners and models were used in it.
        guard let oldest = try db.first(CutLedger.oldestDaySQL, last, read: { $0.int64() }) else { return 0 }
        return try db.run("DELETE FROM usage_day WHERE day = ?1", oldest)
    }
}
