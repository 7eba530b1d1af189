import GRDB
import SluiceStore
import SluiceTypes

extension Database {
    /// Writes down what an attempt used and cost, or what is known of it better now.
    ///
    /// It is called where an attempt is closed, and in that transaction. The sums of the line's day follow at its end, each once.
    func post(
        _ entry: LedgerEntry,
        of job: JobID,
        epoch: Int64,
        _ key: LedgerKey,
        _ state: inout WriterState
    ) throws {
        let entry = entry.withShortWords
        let place = try place(of: key, entry, &state)
        // Nearly always it is the first that is told of an attempt, and nothing has to be read.
        if try write(entry, of: job, epoch: epoch, at: place) {
            state.add(LedgerRule.difference(nil, entry), to: place.day)
            state.notePosting(key, entry, LedgerRule.difference(nil, entry))
            return try spend(entry.counted, of: job, epoch: epoch, at: place, &state)
        }
        let known = try first(Database.postedSQL, job, epoch) { row in
            (place: LedgerPlace(&row), entry: try LedgerEntry(&row))
        }
        guard let old = known, LedgerRule.move(old.entry, entry) != .ignored else {
            state.news.ignored += 1
            return
        }
        // Whose it is and when stays as it was told first. What was made of its cost by runs is of no account any more.
        try write(entry, of: job, epoch: epoch, at: old.place, replacing: true)
        try run("DELETE FROM ledger_change WHERE job = ?1 AND epoch = ?2", job, epoch)
        let difference = LedgerRule.difference(old.entry, entry)
        state.add(difference, to: old.place.day)
        state.notePosting(key, entry, difference)
        try spend(difference.counted, of: job, epoch: epoch, at: old.place, &state)
    }

    private static let postedSQL = """
        SELECT \(LedgerPlace.columns), \(LedgerEntry.columns) FROM ledger WHERE job = ?1 AND epoch = ?2
        """

    // Not OR IGNORE, which would pass over a line that breaks a check as well.
    private static let insertLineSQL = "INSERT \(lineSQL) ON CONFLICT (job, epoch) DO NOTHING"
    private static let replaceLineSQL = "INSERT OR REPLACE \(lineSQL)"

    private static let lineSQL = """
        INTO ledger (job, epoch, owner, token, provider, model, tag, at, session, basis, state, reason, units, units_low, units_high, raw, price,
            price_version, price_variant, cost, low, likely, high, counted, served, terms, parts)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27)
        """

    /// Writes a line; false where there is one, and it is not to be replaced.
    @discardableResult
    func write(
        _ entry: LedgerEntry,
        of job: JobID,
        epoch: Int64,
        at place: LedgerPlace,
        replacing: Bool = false
    ) throws -> Bool {
        let columns = LedgerColumns(entry)
        return try run(
            replacing ? Database.replaceLineSQL : Database.insertLineSQL,
            job,
            epoch,
            place.owner,
            place.token,
            place.provider,
            place.model,
            place.tag,
            place.at,
            place.session?.bytes,
            entry.basis,
            entry.cost.state,
            columns.reason,
            columns.units,
            columns.low,
            columns.high,
            entry.raw.isEmpty ? nil : entry.raw,
            entry.price?.origin,
            entry.price?.version,
            entry.price?.variant,
            columns.cost,
            columns.lowCost,
            columns.likelyCost,
            columns.highCost,
            entry.counted,
            entry.served,
            columns.terms,
            columns.parts
        ) > 0
    }

    private func place(
        of key: LedgerKey,
        _ entry: LedgerEntry,
        _ state: inout WriterState
    ) throws -> LedgerPlace {
        let owner = try number(.account, key.owner.rawValue, &state)
        let day = DailyNames.Day(owner: owner, day: key.day)
        return LedgerPlace(
            owner: owner,
            token: try number(.account, key.token?.rawValue, &state),
            provider: try number(.provider, key.provider, &state),
            model: try number(.model, key.model, on: day, isKnown: entry.price?.origin.namesModel == true, &state),
            tag: try number(.tag, key.tag, on: day, isKnown: false, &state),
            at: key.at,
            session: key.session
        )
    }
}

extension WriterState {
    fileprivate mutating func notePosting(_ key: LedgerKey, _ entry: LedgerEntry, _ difference: LedgerSums) {
        news.postings.append(
            LedgerPosting(
                owner: key.owner,
                provider: key.provider,
                model: key.model,
                isModelPriced: entry.price?.origin.namesModel == true,
                difference: difference
            )
        )
    }
}
