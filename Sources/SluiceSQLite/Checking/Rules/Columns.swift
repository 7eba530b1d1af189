import SluiceStore
import SluiceTypes

extension CheckRule {
    /// The checks of the columns, once more: SQLite leaves them out where it looks at a file that it may not write.
    static let columns = [
        CheckRule(
            .file,
            "a job's columns hold what they may hold",
            """
            SELECT seq FROM job
            WHERE length(id) <> 16 OR length(fingerprint) <> 32 OR length(retry_of) <> 16 OR length(superseded_by) <> 16
                  OR stream NOT IN (0, 1) OR epoch < 0 OR (epoch = 0 AND state = 'running')
                  OR (deferred_since IS NOT NULL AND state = 'succeeded')
                  OR (time_given IS NULL) <> (deadline_at IS NULL)
                  OR (previous IS NULL) <> (thread IS NULL) OR (previous IS NULL) <> (depth IS NULL)
                  OR length(previous) <> 16 OR length(thread) <> 16 OR depth < 1
                  OR (bodies_until IS NOT NULL AND (keeps_bodies IS NULL OR finished_at IS NULL))
            """
        ),
        CheckRule(
            .file,
            "an attempt's columns hold what they may hold",
            """
            SELECT DISTINCT job FROM job_attempt
            WHERE (outcome IS NULL) <> (ended_at IS NULL) OR length(CAST(account AS BLOB)) > 64 OR rebuilt_turns < 0
                  OR (outcome IS NOT NULL AND counted IS NOT NULL) OR (likely_units IS NULL) <> (counted IS NULL)
                  OR (high_units IS NULL) <> (counted IS NULL) OR (hold IS NULL) <> (high IS NULL) OR hold < 0 OR high < 0
            """
        ),
    ]

    /// Words are judged when they are read; these find what would be refused then.
    static let words = [
        words(of: Surface.self, "surface"), words(of: JobEntry.self, "entry"),
        words(of: SluiceTypes.Operation.self, "type"), words(of: RequestFormat.self, "request_format"),
        words(of: Lane.self, "lane"), words(of: JobState.self, "state"), words(of: OnUnknown.self, "on_unknown"),
        words(of: ErrorClass.self, "error_class"),
        words(of: AttemptOutcome.self, "outcome", table: "job_attempt", job: "job"),
        words(of: ErrorClass.self, "error_class", table: "job_attempt", job: "job"),
        words(of: UsageBasis.self, "basis", table: "ledger", job: CheckRule.job),
        words(of: LedgerCost.State.self, "state", table: "ledger", job: CheckRule.job),
        words(of: LedgerPrice.Origin.self, "price", table: "ledger", job: CheckRule.job),
    ]

    private static func words<Word: RawRepresentable<String> & CaseIterable>(
        of type: Word.Type,
        _ column: String,
        table: String = "job",
        job: String = "seq"
    ) -> CheckRule {
        let known = type.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")
        return CheckRule(
            .file,
            "\(table).\(column) \(SQLiteStore.wordsRule)",
            "SELECT \(job), '\(column) \"' || \(column) || '\"' FROM \(table) WHERE \(column) NOT IN (\(known))",
            tellsWhat: true
        )
    }
}

extension SQLiteStore {
    /// How the rules end that find words of another version, which are no damage.
    package static let wordsRule = "holds words that this version knows"
}
