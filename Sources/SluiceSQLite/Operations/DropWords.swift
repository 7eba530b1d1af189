import GRDB
import SluiceStore
import SluiceTypes

extension Database {
    /// Takes what callers and providers said out of the lines of a job; what was used and cost stays.
    ///
    /// Models that are among `strangers` are those beyond what is told apart from then on, in lines and sums alike.
    func dropWords(of job: JobID, strangers: Set<String>, _ state: inout WriterState) throws {
        // What a line said before it was priced anew comes back where that is taken back.
        try run(
            """
            UPDATE ledger_change SET reason = substr(reason, 1, instr(reason, ' ') - 1)
            WHERE job = ?1 AND instr(reason, ' ') > 0
            """,
            job
        )
        var moved: [UsageDayKey] = []
        for line in try lines(of: job) {
            let key = line.key.withoutWords(strangers: strangers)
            let entry = line.entry.withoutWords(strangers: strangers)
            guard key != line.key || entry != line.entry else { continue }
            guard let old = try first(Database.placeSQL, job, line.epoch, read: { LedgerPlace(&$0) }) else { continue }
            var place = old
            place.session = nil
            if key.model != line.key.model { place.model = try number(.model, key.model, &state) }
            try write(entry, of: job, epoch: line.epoch, at: place, replacing: true)
            guard place.day != old.day else { continue }
            state.add(LedgerSums() - LedgerSums(line.entry), to: old.day)
            state.add(LedgerSums(entry), to: place.day)
            moved.append(old.day)
        }
        guard !moved.isEmpty else { return }
        try state.writeSums(self)
        for key in moved { try forgetModel(key, &state) }
    }

    private static let placeSQL = "SELECT \(LedgerPlace.columns) FROM ledger WHERE job = ?1 AND epoch = ?2"

    static let usesOfModelSQL = "SELECT 1 FROM usage_day WHERE model = ?1 LIMIT 1"

    /// Takes the sums of a model out where nothing is left of them, and its name where nobody else has asked for it.
    private func forgetModel(_ key: UsageDayKey, _ state: inout WriterState) throws {
        try run(
            """
            DELETE FROM usage_day
            WHERE owner = ?1 AND token = ?2 AND provider = ?3 AND model = ?4 AND tag = ?5 AND day = ?6
                  AND (priced, unpriced, unknown) = (0, 0, 0)
            """,
            key.owner,
            key.token,
            key.provider,
            key.model,
            key.tag,
            key.day
        )
        guard try first(Database.usesOfModelSQL, key.model, read: { _ in true }) == nil else { return }
        guard let name = try first("SELECT name FROM name WHERE id = ?1", key.model, read: { $0.text() }) else {
            return
        }
        try run("DELETE FROM name WHERE id = ?1", key.model)
        state.names[LedgerName(.model, name)] = nil
        state.dailyNames = DailyNames()
    }
}
