import GRDB
import SluiceStore
import SluiceTypes

/// Changes what lines of the ledger cost, in a run.
struct ChangeLines: WriteOperation {
    var changes: [LedgerChange]
    var run: Int64

    func run(_ db: Database, _ state: inout WriterState) throws -> LedgerChange.Outcome {
        var made: [LedgerChange] = []
        for change in changes where try make(change, db, &state) { made.append(change) }
        return LedgerChange.Outcome(made: made, operations: state.operations)
    }

    private static let seenSQL = """
        SELECT \(LedgerPlace.columns), \(LedgerEntry.columns) FROM ledger WHERE job = ?1 AND epoch = ?2
        """

    private static let keepSQL = """
        INSERT INTO ledger_change (job, epoch, run, state, reason, price, price_version, price_variant, cost, low, likely,
            high, counted, new_state, new_cost, new_low, new_likely, new_high, new_counted)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)
        ON CONFLICT DO UPDATE SET new_state = excluded.new_state, new_cost = excluded.new_cost, new_low = excluded.new_low,
            new_likely = excluded.new_likely, new_high = excluded.new_high, new_counted = excluded.new_counted
        """

    private static let priceSQL = """
        UPDATE ledger SET state = ?3, reason = ?4, price = ?5, price_version = ?6, price_variant = ?7, cost = ?8, low = ?9,
            likely = ?10, high = ?11, counted = ?12
        WHERE job = ?1 AND epoch = ?2
        """

    /// False for a line that is gone, or has been told anew since it was looked at.
    private func make(_ change: LedgerChange, _ db: Database, _ state: inout WriterState) throws -> Bool {
        let seen = try db.first(ChangeLines.seenSQL, change.job, change.epoch) { row in
            (place: LedgerPlace(&row), entry: try LedgerEntry(&row))
        }
        guard let (place, old) = seen else { return false }
        guard old.pricing == change.before || !Promise.repricedAsSeen.holds else { return false }
        var new = old
        new.pricing = change.after
        new = new.withShortWords
        let (was, columns) = (LedgerColumns(old), LedgerColumns(new))
        try db.run(
            ChangeLines.keepSQL,
            change.job,
            change.epoch,
            run,
            old.cost.state,
            was.reason,
            old.price?.origin,
            old.price?.version,
            old.price?.variant,
            was.cost,
            was.lowCost,
            was.likelyCost,
            was.highCost,
            old.counted,
            new.cost.state,
            columns.cost,
            columns.lowCost,
            columns.likelyCost,
            columns.highCost,
            new.counted
        )
        try db.run(
            ChangeLines.priceSQL,
            change.job,
            change.epoch,
            new.cost.state,
            columns.reason,
            new.price?.origin,
            new.price?.version,
            new.price?.variant,
            columns.cost,
            columns.lowCost,
            columns.likelyCost,
            columns.highCost,
            new.counted
        )
        let difference = LedgerSums(new) - LedgerSums(old)
        state.add(difference, to: place.day)
        try db.spend(difference.counted, of: change.job, epoch: change.epoch, at: place, &state)
        return true
    }
}
